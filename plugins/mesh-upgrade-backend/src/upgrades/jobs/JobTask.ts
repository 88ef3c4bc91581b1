import type { KubernetesClient } from '../../clusters/types';
import type { Run, Step, StepObservation } from '../types';
import type { CommandJob } from './commandJob';

/** What one kind of Job is for, apart from being a Job. Everything but `prove` is pure. */
export interface JobTask {
  action: string;
  /** The program, as failures name it. */
  program: string;
  /** Last part of the Job's name. */
  suffix(step: Step): string;
  job(step: Step, run: Run): CommandJob;
  /** Reads how what the program rolls is getting on, while the program waits for it. */
  watch?(
    client: KubernetesClient,
    step: Step,
    options: { signal: AbortSignal },
  ): Promise<Pick<StepObservation, 'problem' | 'progress'>>;
  /** Reads whether what the step is for is done, whatever the program said. */
  prove(
    client: KubernetesClient,
    step: Step,
    options: { signal: AbortSignal; programSucceeded: boolean },
  ): Promise<StepObservation>;
}
