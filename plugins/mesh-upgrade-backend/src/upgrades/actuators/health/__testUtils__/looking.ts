import type {
  KubernetesClient,
  KubernetesObject,
} from '../../../../clusters/types';
import { newStep, storedRun } from '../../../testing/runs';
import type { Look } from '../../LookActuator';

const START = Date.parse('2026-11-01T00:00:00Z');

/** Looks over and over, as the engine does, keeping what the look remembers. */
export function looking(
  look: Look,
  client: Partial<KubernetesClient>,
  parameters: Record<string, unknown>,
) {
  let step = newStep({ parameters });
  return async (seconds: number) => {
    const seen = await look.look(client as KubernetesClient, step, {
      run: storedRun({ steps: [step] }),
      now: new Date(START + seconds * 1000),
      signal: new AbortController().signal,
    });
    step = { ...step, detail: seen.detail ?? step.detail };
    return seen;
  };
}

/** A client that lists these objects. */
export function lists(
  byResource: Record<string, unknown[]>,
): Pick<KubernetesClient, 'list'> {
  return {
    async *list<T extends KubernetesObject>({
      resource,
    }: {
      resource: string;
    }) {
      const items = (byResource[resource] ?? []) as T[];
      yield { items, resourceVersion: '1' };
    },
  };
}
