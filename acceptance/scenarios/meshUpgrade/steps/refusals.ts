import assert from 'node:assert/strict';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { check, describe } from '../../checks/reports';
import {
  clusterOf,
  deleteJob,
  jobsOf,
  precheck,
  renderedSettings,
  untouched,
  valuesOf,
} from '../clusterState';
import { putConfiguration } from '../configurationFile';
import { FIRST, ISTIO, NEXT, PAIR, SECOND } from '../facts';
import { askPlan, ends, planUntil, runUntil, start } from '../runs';
import { goodSettings } from '../settings';
import type { State } from '../State';

/** What is in the way before there is any upgrade, and how it goes away. */
export const refusals: Step<State, World>[] = [
  {
    name: 'a control plane of istioctl whose file nobody named is refused with what to do',
    async run({ product }) {
      const { body } = await poll(
        async () => {
          const answer = await askPlan(product, {
            meshId: SECOND,
            target: NEXT,
          });
          const isKnown = !/is known|was seen/.test(JSON.stringify(answer));
          return isKnown ? answer : undefined;
        },
        { timeoutMs: 60_000, intervalMs: 300, what: `mesh ${SECOND}` },
      );
      assert.equal(body.error?.name, 'InputError', JSON.stringify(body));
      assert.match(
        body.error.message,
        /was installed with istioctl, which loses every setting .* name it in meshUpgrade\.upgrades\.istioctl\.configurations/,
      );
    },
  },
  {
    name: 'an image that the nodes cannot pull is shown in their words, and nothing is changed',
    async run(world) {
      const { product } = world;
      const before = await untouched(world, FIRST);
      const run = await start(product, { meshId: FIRST, target: NEXT });
      await runUntil(product, run.id, 'the image to be missed', ({ steps }) =>
        /ErrImagePull: failed to pull image ".*\/istio\/helm:gone"/.test(
          steps[0].message,
        ),
      );
      const cluster = clusterOf(world, FIRST);
      const jobs = await jobsOf(cluster, run.id);
      assert.equal(jobs.length, 1, String(jobs));
      await deleteJob(cluster, jobs[0]);
      const { message } = await ends(product, run.id, 'failed');
      assert.match(
        message ?? '',
        /Job was deleted before its outcome was seen/,
      );
      assert.equal(await untouched(world, FIRST), before);
    },
  },
  {
    name: 'two clusters are planned as one mesh, in their order',
    async run(world, state) {
      await putConfiguration(world);
      await world.product.reconfigure(goodSettings);
      const { changes, driver } = await planUntil(
        world.product,
        { meshId: PAIR, target: NEXT },
        'a plan for both clusters',
        plan => plan.changes.length === 3,
      );
      assert.deepEqual(
        changes.map(({ cluster }) => cluster),
        [FIRST, FIRST, SECOND],
      );
      assert.equal(driver, 'helm, istioctl');
      for (const name of [FIRST, SECOND]) {
        const rendered = await renderedSettings(clusterOf(world, name));
        assert.equal(rendered.accessLog, '/dev/stdout');
        assert.match(rendered.injector ?? '', /^https:\/\/localhost:/);
        state.before.set(name, {
          precheck: await precheck(world, name),
          rendered,
        });
      }
      state.values = await valuesOf(world, FIRST, 'istiod');
      assert.equal(state.values.replicaCount, 2);
    },
  },
  {
    name: 'a release that another helm holds blocks the start',
    async run(world) {
      const cluster = clusterOf(world, FIRST);
      const secrets = `/api/v1/namespaces/${ISTIO}/secrets`;
      const { type, data } = await cluster.get<{ type: string; data: object }>(
        `${secrets}/sh.helm.release.v1.istiod.v1`,
      );
      // As helm leaves it when it is cut off.
      const name = 'sh.helm.release.v1.istiod.v2';
      await cluster.post(secrets, {
        metadata: {
          name,
          labels: {
            name: 'istiod',
            owner: 'helm',
            status: 'pending-upgrade',
            version: '2',
          },
        },
        type,
        data,
      });
      const { passed, findings } = await check(world.product, {
        meshId: PAIR,
        target: NEXT,
      });
      assert.equal(passed, false);
      const found = findings.find(
        ({ title }) =>
          title === 'Another operation of helm holds release istiod',
      );
      assert.equal(found?.severity, 'blocker', describe(findings));
      assert.match(found.remedy, /helm rollback istiod -n istio-system/);
      await cluster.delete(`${secrets}/${name}`);
    },
  },
];
