import type {
  RunStepView,
  RunView,
  StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** The clusters of some steps, in the order in which they come. */
export function clustersOf(steps: RunStepView[]): string[] {
  return [...new Set(steps.map(({ cluster }) => cluster))];
}

/** A phase is as bad as its worst step; it has not begun while all of its steps wait. */
export function phaseState(steps: RunStepView[]): StepState {
  const has = (state: StepState) => steps.some(step => step.state === state);
  const all = (state: StepState) => steps.every(step => step.state === state);
  if (has('failed')) {
    return 'failed';
  }
  if (steps.length === 0 || all('pending')) {
    return 'pending';
  }
  if (has('running') || has('pending')) {
    return 'running';
  }
  // What cannot be proven is skipped in a run that goes well.
  return has('succeeded') ? 'succeeded' : 'skipped';
}

/** The other clusters that are under way while nothing of this one has begun. */
export function waitsForClusters(
  run: RunView,
  cluster: string,
  steps: RunStepView[],
): string[] {
  return steps.every(({ state }) => state === 'pending')
    ? clustersOf(run.steps.filter(({ state }) => state === 'running')).filter(
        other => other !== cluster,
      )
    : [];
}

/** The steps that are under way, to be told in a line. */
export function runningSteps(run: RunView): RunStepView[] {
  return run.steps.filter(({ state }) => state === 'running');
}
