import { InputError } from '@backstage/errors';
import type { KubernetesObject } from '../../clusters/types';
import { orUndefined } from '../../clusters/notFound';
import {
  LEFTOVER_RESOURCES,
  leftoversOn,
  type LeftoverKind,
} from '../leftovers';
import type { Step } from '../types';
import type { Change } from './ChangeActuator';

export const REMOVE_LEFTOVER_ACTION = 'remove-leftover';

export interface RemoveLeftoverParameters extends Record<string, unknown> {
  /** Id of the leftover. */
  leftover: string;
  kind: LeftoverKind;
  namespace?: string;
  name: string;
  /** Of the object that was planned; another one of its name is not touched. */
  uid: string;
}

/** Removes an object that nobody uses and sees that it is gone. */
export const removeLeftover: Change = {
  action: REMOVE_LEFTOVER_ACTION,
  mode: 'full',
  async observe(client, step, { signal }) {
    const { kind, namespace, name, uid } = parametersOf(step);
    const object = await orUndefined(
      client.get<KubernetesObject & { metadata: { finalizers?: string[] } }>(
        { ...LEFTOVER_RESOURCES[kind], namespace, name },
        { signal },
      ),
    );
    if (!object) {
      return { state: 'done', message: `${step.title} is gone` };
    }
    const { metadata } = object;
    if (metadata.uid !== uid) {
      return step.track.acts > 0
        ? {
            state: 'failed',
            message: `${step.title} was removed, and somebody has made it again: find out who, remove it there`,
          }
        : {
            state: 'failed',
            message: `${step.title} is another object than the one planned (uid ${metadata.uid}, not ${uid}); look at it and plan again`,
          };
    }
    if (metadata.deletionTimestamp !== undefined) {
      const { finalizers = [] } = metadata;
      return {
        state: 'moving',
        message: `${step.title} is being removed${
          finalizers.length > 0 ? `; it waits for ${finalizers.join(', ')}` : ''
        }`,
      };
    }
    return { state: 'wanting', message: `${step.title} is still there` };
  },

  intend(step) {
    return { uid: parametersOf(step).uid };
  },

  /** Proves once more that nobody uses it; whatever changes it after that proof makes the removal fail. */
  async act(client, step, { signal }) {
    const { leftover, kind, namespace, name, uid } = parametersOf(step);
    const found = (await leftoversOn(client, { signal })).find(
      ({ view }) => view.id === leftover,
    );
    if (!found) {
      throw new InputError(
        `${step.title} on cluster '${step.cluster}' is no leftover any more: what it belongs to runs again. It was not removed`,
      );
    }
    if (found.view.obstacle !== undefined) {
      throw new InputError(
        `${step.title} on cluster '${step.cluster}' was not removed. ${found.view.obstacle}`,
      );
    }
    await client.delete(
      { ...LEFTOVER_RESOURCES[kind], namespace, name },
      {
        uid,
        resourceVersion: found.object.metadata.resourceVersion,
        signal,
      },
    );
  },
};

function parametersOf(step: Step): RemoveLeftoverParameters {
  return step.parameters as RemoveLeftoverParameters;
}
