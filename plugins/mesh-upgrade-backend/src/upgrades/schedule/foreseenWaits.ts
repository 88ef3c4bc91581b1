import type {
  RunKind,
  RunWait,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { needsApproval } from './needsApproval';
import type { RunPolicy } from './RunPolicy';
import { startWait, windowWait } from './waits';

/** What a run would wait for before it changes anything, were it started now. */
export function foreseenWaits(
  run: { kind: RunKind; meshes: string[]; steps: { cluster: string }[] },
  options: { policy: RunPolicy; now: Date },
): RunWait[] {
  const { policy, now } = options;
  const approval = needsApproval(policy.approval, run)
    ? startWait({ approval: {} }, now)
    : undefined;
  const clusters = run.steps.map(({ cluster }) => cluster);
  // Meshes go cluster by cluster: the first one has to be open.
  const first = run.kind === 'sidecars' ? clusters : clusters.slice(0, 1);
  const window = windowWait(run, first, { policy, now });
  return [approval, window].flatMap(wait => wait ?? []);
}
