import { toError } from '@backstage/errors';
import type { KubernetesClient } from '../../clusters/types';
import type { Pod } from '../../kubernetes/types';
import type { Step, StepObservation } from '../types';
import { COMMAND_CONTAINER } from './commandJob';
import { maskSecrets } from './maskSecrets';

/** What a program printed, without what looks like a credential. */
export interface JobLog {
  lines: string[];
  /** What was not passed on before. */
  events?: StepObservation['events'];
  detail?: Record<string, unknown>;
}

export const NO_LOG: JobLog = { lines: [] };

const LINES_PER_LOOK = 200;

/** The whole log, and as events what was not passed on before. */
export async function readLog(
  client: KubernetesClient,
  pod: Pod,
  step: Step,
  signal: AbortSignal,
): Promise<JobLog> {
  let text: string;
  try {
    text = await client.podLog(
      {
        namespace: pod.metadata.namespace!,
        name: pod.metadata.name,
        container: COMMAND_CONTAINER,
      },
      { signal },
    );
  } catch (error) {
    // 400: the container has not started. Whatever else it is, the outcome
    // does not depend on the log; a missing log must not fail an upgrade.
    const lines = [`The log cannot be read: ${toError(error).message}`];
    return pod.status?.phase === 'Pending' ? NO_LOG : { lines };
  }
  const lines = text.split('\n').filter(Boolean).map(maskSecrets);
  const known = Number(step.detail?.lines ?? 0);
  const fresh = lines.slice(known, known + LINES_PER_LOOK);
  return {
    lines,
    events: fresh.map(message => ({ level: 'info', message, output: true })),
    detail: { lines: known + fresh.length },
  };
}
