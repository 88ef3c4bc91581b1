import { listAll } from '../../clusters/listAll';
import {
  ISTIO_REVISION_TAGS,
  type IstioRevisionTag,
} from '../../kubernetes/sail';
import {
  MUTATING_WEBHOOKS,
  REVISION,
  TAG,
  type WebhookConfiguration,
} from '../../kubernetes/webhooks';
import type { Look } from './LookActuator';

export const REVISION_TAG_ACTION = 'sail-revision-tag';

/** What the plan says about a tag that the Sail operator keeps. */
export interface RevisionTagParameters extends Record<string, unknown> {
  tag: string;
  /** The revision it is to point at. */
  revision: string;
}

/** Whether a tag has followed its `Istio`: by its own word, and by the webhook that injects for it. */
export const revisionTag: Look = {
  action: REVISION_TAG_ACTION,
  async look(client, step, { signal }) {
    const { tag, revision } = step.parameters as RevisionTagParameters;
    const { status } = await client.get<IstioRevisionTag>(
      { ...ISTIO_REVISION_TAGS, name: tag },
      { signal },
    );
    if (status?.istioRevision !== revision) {
      const problem = status?.conditions?.find(
        ({ status: holds, message }) => holds === 'False' && message,
      );
      return {
        state: 'moving',
        message: `IstioRevisionTag ${tag} still points at ${
          status?.istioRevision ?? 'nothing'
        }${problem ? `; ${problem.message}` : ''}`,
      };
    }
    const webhooks = await listAll<WebhookConfiguration>(
      client,
      MUTATING_WEBHOOKS,
      { labelSelector: `${TAG}=${tag}`, signal },
    );
    const others = webhooks.filter(
      ({ metadata }) => metadata.labels?.[REVISION] !== revision,
    );
    if (webhooks.length === 0 || others.length > 0) {
      return {
        state: 'moving',
        message:
          webhooks.length === 0
            ? `No webhook injects for tag ${tag} yet`
            : `Webhook ${others[0].metadata.name} of tag ${tag} still injects for revision ${others[0].metadata.labels?.[REVISION]}`,
      };
    }
    return {
      state: 'done',
      message: `Tag ${tag} points at ${revision}, and webhook ${webhooks[0].metadata.name} injects for it`,
    };
  },
};
