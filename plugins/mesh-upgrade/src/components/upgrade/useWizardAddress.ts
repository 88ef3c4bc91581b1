import { useLocation } from 'react-router-dom';
import { useAddress } from '../../hooks';

const STEPS = ['target', 'environment', 'execute'] as const;

/** The steps of the mesh wizard; the sidecar wizard has the first two the other way round. */
export type WizardStep = (typeof STEPS)[number];

/**
 * Step, chosen version and run of a wizard, as the address says them. Consents
 * are no part of the address: a link must not agree on behalf of whoever opens
 * it.
 */
export function useWizardAddress(first: WizardStep) {
  const { params, change } = useAddress();
  const { state } = useLocation();
  const step = STEPS.find(one => one === params.get('step')) ?? first;
  const run = params.get('run') ?? undefined;
  const consents = consentsOf(state);
  return {
    params,
    run,
    // A run that has begun cannot be left for an earlier step.
    step: run ? 'execute' : step,
    version: params.get('version') ?? undefined,
    /** Id of the run whose rest is to be done. */
    retryOf: params.get('retryOf') ?? undefined,
    /** Id of the run that is to be taken back. */
    returnOf: params.get('returnOf') ?? undefined,
    /** Ids of the findings consented to on the way here. */
    consents,
    choose: (version: string) => change({ version }),
    go: (
      next: WizardStep,
      options: { version?: string; consents?: string[] } = {},
    ) =>
      change(
        { step: next, ...(options.version && { version: options.version }) },
        { push: true, state: { consents: options.consents ?? consents } },
      ),
    enter: (runId: string) => change({ step: 'execute', run: runId }),
  };
}

function consentsOf(state: unknown): string[] {
  const { consents } = (state ?? {}) as { consents?: unknown };
  return Array.isArray(consents) ? consents.map(String) : [];
}
