import { useAddress } from '../../hooks';

const STEPS = ['target', 'environment', 'execute'] as const;

/** The steps of the mesh wizard; the sidecar wizard has the first two the other way round. */
export type WizardStep = (typeof STEPS)[number];

/** Step, chosen version and run of a wizard, as the address says them. */
export function useWizardAddress(first: WizardStep) {
  const { params, change } = useAddress();
  const step = STEPS.find(one => one === params.get('step')) ?? first;
  const run = params.get('run') ?? undefined;
  return {
    params,
    run,
    // A run that has begun cannot be left for an earlier step.
    step: run ? 'execute' : step,
    version: params.get('version') ?? undefined,
    choose: (version: string) => change({ version }),
    go: (next: WizardStep, version?: string) =>
      change({ step: next, ...(version && { version }) }, { push: true }),
    enter: (runId: string) => change({ step: 'execute', run: runId }),
  };
}
