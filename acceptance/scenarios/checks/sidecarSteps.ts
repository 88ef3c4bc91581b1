import assert from 'node:assert/strict';
import type { CheckReport } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../scripts/lib/poll.mjs';
import type { ClusterAccess } from '../../ClusterAccess';
import type { Step } from '../../Scenario';
import type { World } from '../../World';
import { factsOf } from './facts';
import { describe } from './reports';
import {
  deployTidyWorkload,
  removeWorkload,
  RESTARTED,
  RESTARTS,
  sidecarTroubles,
} from './sidecarTroubles';

const SEEN_TIMEOUT_MS = 60_000;

/** A workload that may be restarted, and everything that may then be wrong with it. */
export function sidecarSteps<TState>(): Step<TState, World>[] {
  return [
    {
      name: 'a workload in good order may be restarted',
      async run(world) {
        await deployTidyWorkload(tidyCluster(world));
        const { findings } = await checkUntil(
          world,
          'a restart that nothing stands in the way of',
          ({ passed, consents, findings: all }) =>
            passed &&
            consents.length === 0 &&
            all.every(({ severity }) => severity !== 'unknown'),
        );
        assert(
          findings.some(
            ({ check, severity }) =>
              check === 'injection-dry-run' && severity === 'passed',
          ),
        );
      },
    },
    ...sidecarTroubles.map(
      (trouble): Step<TState, World> => ({
        name: `${trouble.name} is found before a restart, and passes when it is gone`,
        on: world => !trouble.realOnly || !world.faults,
        async run(world) {
          const isFound = ({ findings }: CheckReport) =>
            findings.some(
              finding =>
                finding.check === trouble.check &&
                finding.severity === trouble.severity &&
                trouble.observed.test(
                  `${finding.evidence.object} ${finding.evidence.observed}`,
                ),
            );
          const cure = await trouble.cause(tidyCluster(world));
          // The change may be a rollout of its own, which blocks until it is over.
          await checkUntil(
            world,
            `${trouble.check} to find ${trouble.name}`,
            report =>
              isFound(report) &&
              report.passed === (trouble.severity !== 'blocker'),
          );
          await cure();
          await checkUntil(
            world,
            `${trouble.check} to pass again`,
            report => report.passed && !isFound(report),
          );
        },
      }),
    ),
    {
      name: 'the workload is gone again',
      run: world => removeWorkload(tidyCluster(world)),
    },
  ];
}

function tidyCluster(world: World): ClusterAccess {
  const { cluster } = factsOf(world).tidy;
  return world.clusters.find(({ name }) => name === cluster)!;
}

/** The inventory learns of a change a moment later, and a rollout takes its time. */
function checkUntil(
  world: World,
  what: string,
  isSo: (report: CheckReport) => boolean,
): Promise<CheckReport> {
  const { cluster } = factsOf(world).tidy;
  const workload = `${cluster}/${RESTARTS}/Deployment/${RESTARTED}`;
  let last = '';
  return poll(
    async () => {
      const { status, body } = await world.product.call(
        'ada',
        'POST',
        '/checks',
        { kind: 'sidecars', workloads: [workload] },
      );
      if (status !== 200) {
        last = JSON.stringify(body);
        return undefined;
      }
      last = describe(body.findings);
      return isSo(body) ? (body as CheckReport) : undefined;
    },
    { timeoutMs: SEEN_TIMEOUT_MS, intervalMs: 300, what, last: () => last },
  );
}
