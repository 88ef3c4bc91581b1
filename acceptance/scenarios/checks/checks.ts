import assert from 'node:assert/strict';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../scripts/lib/poll.mjs';
import type { ClusterAccess } from '../../ClusterAccess';
import type { Scenario, Step } from '../../Scenario';
import type { World } from '../../World';
import { factsOf, type CheckFacts } from './facts';
import {
  missedMessages,
  parseMessages,
  type IstioMessage,
} from './istioMessages';
import { ASKED_LATE, MISFIT_CODES, misfits, MISFITS } from './misfits';
import { check, checkUntil, describe } from './reports';
import { sidecarSteps } from './sidecarSteps';
import { troubles, type Trouble } from './troubles';

const SEEN_TIMEOUT_MS = 90_000;

/** What a newer Kubernetes than the target supports calls itself. */
const NEWER_KUBERNETES = '1.39.0';

interface State {
  /** Messages of `istioctl` about the cluster in disorder. */
  messages: IstioMessage[];
}

/** Every check fails for its reason and passes without it, as Istio's own tools see it. */
export const checks: Scenario<State, World> = {
  name: 'checks',
  title: 'Find what stands in the way of an upgrade, and nothing else',
  fleet: 'checks',
  start: () => ({ messages: [] }),
  steps: [
    step('the meshes are seen', async world => {
      const { tidy, tooLow, tooHigh } = factsOf(world);
      for (const { meshId } of [tidy, tooLow, tooHigh]) {
        await seenRunning(world, meshId);
      }
    }),

    step('a mesh in good order passes', async world => {
      const report = await checkUntil(
        world.product,
        factsOf(world).tidy,
        'a report without blockers',
        ({ passed }) => passed,
      );
      const undecided = report.findings.filter(
        ({ severity }) => severity === 'unknown',
      );
      assert.deepEqual(undecided, [], describe(undecided));
    }),

    step('a Kubernetes that is too old blocks', async world => {
      const { tooLow } = factsOf(world);
      const finding = await kubernetesFinding(world, tooLow, 'tooLow');
      assert.match(finding.remedy, /Upgrade the cluster/);
      const { tools } = clusterOf(world, tooLow.cluster);
      if (tools) {
        const messages = parseMessages(await said(tools.istioctl, 'precheck'));
        assert(
          messages.some(({ code }) => code === 'IST0142'),
          `istioctl says: ${JSON.stringify(messages)}`,
        );
      }
    }),

    step('a Kubernetes that is too new blocks', async world => {
      const { tooHigh } = factsOf(world);
      await world.faults?.set(tooHigh.cluster, {
        kubernetesVersion: NEWER_KUBERNETES,
      });
      const finding = await kubernetesFinding(world, tooHigh, 'tooHigh');
      assert.match(finding.remedy, /Choose a newer Istio/);
      await world.faults?.clear();
    }),

    ...troubles.map(troubleStep),

    ...sidecarSteps<State>(),

    real('things are put in disorder', async world => {
      const cluster = clusterOf(world, factsOf(world).tidy.cluster);
      for (const { collection, body } of misfits()) {
        await cluster.post(collection, body);
      }
      await poll(
        async () =>
          (
            await cluster.get<{ items: unknown[] }>(
              `/api/v1/namespaces/${ASKED_LATE}/pods`,
            )
          ).items.length > 0 || undefined,
        {
          timeoutMs: SEEN_TIMEOUT_MS,
          intervalMs: 300,
          what: `pods in ${ASKED_LATE}`,
        },
      );
      await cluster.patch(`/api/v1/namespaces/${ASKED_LATE}`, {
        metadata: { labels: { 'istio-injection': 'enabled' } },
      });
    }),

    real('whatever istioctl says about it is found', async (world, state) => {
      const { tidy } = factsOf(world);
      const { istioctl } = clusterOf(world, tidy.cluster).tools!;
      await poll(
        async () => {
          state.messages = [
            ...parseMessages(
              await said(istioctl, 'precheck', '--namespace', MISFITS),
            ),
            ...parseMessages(await said(istioctl, 'analyze')),
          ];
          const codes = new Set(state.messages.map(({ code }) => code));
          return MISFIT_CODES.every(code => codes.has(code)) || undefined;
        },
        {
          timeoutMs: SEEN_TIMEOUT_MS,
          intervalMs: 1000,
          what: `istioctl to say ${MISFIT_CODES.join(', ')}`,
          last: () => JSON.stringify(state.messages),
        },
      );
      // The inventory may learn of pods a moment later.
      await checkUntil(
        world.product,
        tidy,
        'a report without a message missed',
        report => missedMessages(state.messages, report).length === 0,
      ).catch(async error => {
        const missed = missedMessages(
          state.messages,
          await check(world.product, tidy),
        );
        assert.fail(`${JSON.stringify(missed)}\n${error.message}`);
      });
    }),

    real('and what istioctl does not say', async world => {
      const { findings } = await check(world.product, factsOf(world).tidy);
      for (const [id, object] of [
        ['validating-webhook', 'istio-validator-left-over-istio-system'],
        ['orphan-revisions', 'asked-nobody'],
        ['upgrade-notes', 'shared-host'],
        ['breaking-configuration', 'for-old-proxies stops applying'],
      ]) {
        assert(
          findings.some(
            ({ check: of, severity, title, evidence }) =>
              of === id &&
              severity === 'consent' &&
              `${title} ${evidence.object} ${evidence.observed}`.includes(
                object,
              ),
          ),
          `${id} says nothing of ${object}:\n${describe(findings)}`,
        );
      }
    }),

    real('in order again it passes without a consent', async world => {
      const { tidy } = factsOf(world);
      const cluster = clusterOf(world, tidy.cluster);
      for (const { collection, body } of misfits().reverse()) {
        await cluster.delete(`${collection}/${body.metadata.name}`);
      }
      await checkUntil(
        world.product,
        tidy,
        'a report without consents to configuration',
        ({ passed, findings }) =>
          passed &&
          !findings.some(
            ({ severity, evidence, objects = [] }) =>
              severity !== 'passed' &&
              `${evidence.object} ${JSON.stringify(objects)}`.includes(MISFITS),
          ),
      );
    }),
  ],
};

function troubleStep(trouble: Trouble): Step<State, World> {
  return {
    name: `${trouble.name} is found, and passes when it is gone`,
    // Only a real registry takes another tag.
    on: world => trouble.target === undefined || !world.faults,
    async run(world) {
      const { tidy } = factsOf(world);
      const upgrade = { ...tidy, target: trouble.target ?? tidy.target };
      const cluster = clusterOf(world, tidy.cluster);
      const isFound = ({ findings }: Awaited<ReturnType<typeof check>>) =>
        findings.some(
          finding =>
            finding.check === trouble.check &&
            finding.severity === trouble.severity &&
            trouble.observed.test(
              `${finding.evidence.object} ${finding.evidence.observed}`,
            ),
        );
      const cure = await trouble.cause(cluster, world);
      const { passed } = await checkUntil(
        world.product,
        upgrade,
        `${trouble.check} to find ${trouble.name}`,
        isFound,
      );
      assert.equal(passed, trouble.severity !== 'blocker');
      await cure();
      await checkUntil(
        world.product,
        upgrade,
        `${trouble.check} to pass again`,
        report => report.passed && !isFound(report),
      );
    },
  };
}

async function kubernetesFinding(
  { product }: World,
  upgrade: CheckFacts['tooLow'],
  direction: 'tooLow' | 'tooHigh',
) {
  const { passed, findings } = await checkUntil(
    product,
    upgrade,
    `Kubernetes of ${upgrade.cluster} to be ${direction}`,
    report => report.findings.some(one => one.direction === direction),
  );
  assert.equal(passed, false);
  const finding = findings.find(one => one.direction === direction)!;
  assert.equal(finding.severity, 'blocker');
  assert.equal(finding.cluster, upgrade.cluster);
  return finding;
}

function seenRunning({ product }: World, meshId: string): Promise<MeshView> {
  let last: unknown;
  return poll(
    async () => {
      const { items } = await product.get('ada', '/meshes');
      last = items;
      return items.find(
        ({ id, status }: MeshView) => id === meshId && status === 'running',
      );
    },
    {
      timeoutMs: SEEN_TIMEOUT_MS,
      intervalMs: 300,
      what: `mesh ${meshId} to run`,
      last: () => JSON.stringify(last)?.slice(0, 2000),
    },
  );
}

/** What a program printed, also when it ended with the code for "something was found". */
async function said(
  istioctl: (...args: string[]) => Promise<string>,
  command: 'precheck' | 'analyze',
  ...more: string[]
): Promise<string> {
  const args =
    command === 'precheck'
      ? ['experimental', command, '--output-threshold', 'Info']
      : [command, '--all-namespaces'];
  try {
    return await istioctl(...args, '--output', 'json', ...more);
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? '';
  }
}

function clusterOf({ clusters }: World, name: string): ClusterAccess {
  return clusters.find(cluster => cluster.name === name)!;
}

function step(
  name: string,
  run: Step<State, World>['run'],
): Step<State, World> {
  return { name, run };
}

/** A step that needs the programs of a real cluster. */
function real(
  name: string,
  run: Step<State, World>['run'],
): Step<State, World> {
  return {
    name,
    on: world => world.clusters.every(({ tools }) => tools !== undefined),
    run,
  };
}
