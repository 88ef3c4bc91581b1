import assert from 'node:assert/strict';
import { poll } from '../../../scripts/lib/poll.mjs';
import type { Step } from '../../Scenario';
import type { World } from '../../World';
import {
  clusterOf,
  deleteJob,
  jobsOf,
  precheck,
  registryOf,
  renderedSettings,
  toolsOf,
  untouched,
} from '../meshUpgrade/clusterState';
import { putConfiguration } from '../meshUpgrade/configurationFile';
import {
  FIRST,
  JOBS,
  NEXT,
  PAIR,
  SECOND,
  UNPUBLISHED,
} from '../meshUpgrade/facts';
import { ends, planUntil, runUntil, start, stepOf } from '../meshUpgrade/runs';
import type { State } from '../meshUpgrade/State';
import { assertUpgraded } from '../meshUpgrade/steps/upgraded';
import { copyImage } from './copyImage';
import { ELSEWHERE, NODE_LABEL, PASSWORD } from './facts';
import { logOf, PODS, podsOfRun } from './jobPods';
import { settingsWithImage } from './settings';

const MISSING =
  /ErrImagePull: .*failed to resolve reference ".*\/tools\/helm:gone": .*not found/;
const NO_ISTIOD =
  /ErrImagePull: .*"[^"]*\/elsewhere\/pilot:1\.31\.1": .*not found/;
/** Longer than the product waits for a registry. */
const GIVES_UP_MS = 4 * 60_000;

/** Jobs as pods that a kubelet runs. */
export const realNodeSteps: Step<State, World>[] = [
  {
    name: 'an image that the kubelet cannot pull is shown in its words while the Job waits for it',
    async run(world, state) {
      const { product } = world;
      await putConfiguration(world);
      await planUntil(
        product,
        { meshId: PAIR, target: NEXT },
        'a plan for both clusters',
        plan => plan.changes.length === 3,
      );
      for (const name of [FIRST, SECOND]) {
        state.before.set(name, {
          precheck: await precheck(world, name),
          rendered: await renderedSettings(clusterOf(world, name)),
        });
      }
      state.untouched = await untouched(world, FIRST);
      state.run = await start(product, { meshId: PAIR, target: NEXT });
      await runUntil(product, state.run.id, 'the image to be missed', run =>
        run.steps.some(({ message }) => MISSING.test(message)),
      );
    },
  },
  {
    name: 'the run gives up with these words, and the cluster is as before',
    async run(world, state) {
      const { id } = state.run!;
      await poll(
        async () =>
          (await world.product.get('ada', `/runs/${id}`)).endedAt ?? undefined,
        { timeoutMs: GIVES_UP_MS, intervalMs: 1000, what: 'the run to end' },
      );
      const { steps } = await ends(world.product, id, 'failed');
      assert(steps.some(one => MISSING.test(one.message)));
      assert(
        steps.slice(1).every(step => step.state === 'skipped'),
        JSON.stringify(steps),
      );
      const cluster = clusterOf(world, FIRST);
      assert.equal(await untouched(world, FIRST), state.untouched);
      for (const job of await jobsOf(cluster, id)) {
        await deleteJob(cluster, job);
      }
    },
  },
  {
    name: `with the image helm and istioctl take both clusters to ${NEXT}, with all their settings`,
    async run(world, state) {
      const { product } = world;
      const registry = await registryOf(clusterOf(world, FIRST));
      await product.reconfigure(settingsWithImage(registry));
      for (const name of [FIRST, SECOND]) {
        const { kubectl } = toolsOf(world, name);
        await kubectl('apply', '--filename', 'deploy/istiod-version.yaml');
      }
      const { id } = await start(product, { meshId: PAIR, target: NEXT });
      state.run = await ends(product, id, 'succeeded');
      await assertUpgraded(world, state, NEXT);
    },
  },
  {
    name: 'an istiod that runs was asked how many proxies are connected, and what cannot be read of the other is told',
    async run(_world, state) {
      const [counted, unread] = [FIRST, SECOND].map(name =>
        stepOf(state.run!, name, 'istiod: connected proxies before'),
      );
      assert.match(counted.message, /^0 proxies are connected/);
      assert.match(unread.message, /proxies are connected cannot be read: /);
    },
  },
  {
    name: 'every Job was one pod on the real node, run by containerd with the account of its own',
    async run(world, state) {
      const accounts = { [FIRST]: 'helm', [SECOND]: 'istioctl' };
      for (const [name, program] of Object.entries(accounts)) {
        const cluster = clusterOf(world, name);
        const nodes = await cluster.get<{
          items: {
            metadata: { name: string };
            status: { nodeInfo: { containerRuntimeVersion: string } };
          }[];
        }>(`/api/v1/nodes?labelSelector=${NODE_LABEL}%3Dreal`);
        const [{ metadata, status }] = nodes.items;
        assert.match(status.nodeInfo.containerRuntimeVersion, /^containerd:/);
        const pods = await podsOfRun(cluster, state.run!.id);
        assert.equal(pods.length, name === FIRST ? 2 : 1);
        for (const pod of pods) {
          const [container] = pod.status.containerStatuses!;
          assert.equal(pod.status.phase, 'Succeeded');
          assert.equal(pod.spec.nodeName, metadata.name);
          assert.equal(pod.spec.serviceAccountName, `mesh-upgrade-${program}`);
          assert.match(container.containerID ?? '', /^containerd:\/\//);
          assert.match(
            container.imageID,
            new RegExp(`/tools/${program}@sha256:`),
          );
        }
      }
    },
  },
  {
    name: 'what the pods printed is in the events of the run, with the password masked',
    async run(world, state) {
      const { id } = state.run!;
      const { items } = await world.product.get('ada', `/runs/${id}/events`);
      const told = items.map(({ message }: { message: string }) => message);
      let printed = '';
      for (const name of [FIRST, SECOND]) {
        const cluster = clusterOf(world, name);
        for (const pod of await podsOfRun(cluster, id)) {
          const log = await logOf(cluster, pod);
          assert.notEqual(log.trim(), '', `${pod.metadata.name} said nothing`);
          for (const line of log.split('\n').filter(Boolean)) {
            const masked = line.replace(PASSWORD, '***');
            assert(told.includes(masked), `no event tells: ${masked}`);
          }
          printed += log;
        }
      }
      assert.match(printed, /Happy Helming!/);
      assert.match(printed, /Istiod installed/);
      assert(printed.includes(PASSWORD), printed);
      assert(!JSON.stringify(items).includes(PASSWORD));
    },
  },
  {
    name: 'Jobs that are done go by themselves once their time is over',
    async run(world, state) {
      const cluster = clusterOf(world, FIRST);
      const jobs = await jobsOf(cluster, state.run!.id);
      for (const job of jobs) {
        const path = `/apis/batch/v1/namespaces/${JOBS}/jobs/${job}`;
        const { spec } = await cluster.get<{
          spec: { ttlSecondsAfterFinished: number };
        }>(path);
        assert.equal(spec.ttlSecondsAfterFinished, 24 * 60 * 60);
        // A day passes.
        await cluster.patch(path, { spec: { ttlSecondsAfterFinished: 1 } });
      }
      await poll(
        async () => {
          const { items } = await cluster.get<{ items: object[] }>(PODS);
          const left = await jobsOf(cluster, state.run!.id);
          return items.length + left.length === 0 || undefined;
        },
        { timeoutMs: 60_000, intervalMs: 300, what: 'Jobs and pods to go' },
      );
    },
  },
  {
    name: 'an image of istiod that the kubelet cannot pull is told in its words while helm waits for it',
    async run(world, state) {
      const { product } = world;
      state.run = await start(product, { meshId: PAIR, target: UNPUBLISHED });
      await runUntil(product, state.run.id, 'the image to be missed', run =>
        NO_ISTIOD.test(stepOf(run, FIRST, 'istiod').message),
      );
      const registry = await registryOf(clusterOf(world, FIRST));
      await copyImage(registry, {
        ...{ from: 'istio/pilot', to: ELSEWHERE },
        tag: UNPUBLISHED,
      });
    },
  },
  {
    name: 'when it is there the run goes on by itself and ends well',
    async run(world, state) {
      await ends(world.product, state.run!.id, 'succeeded');
      await assertUpgraded(world, state, UNPUBLISHED);
    },
  },
];
