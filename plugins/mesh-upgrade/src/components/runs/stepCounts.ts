import type {
  RunView,
  StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** How many steps of a run are in each state. */
export function stepCounts(run: RunView): Record<StepState, number> {
  const counts = {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    skipped: 0,
  };
  for (const step of run.steps) {
    counts[step.state] += 1;
  }
  return counts;
}
