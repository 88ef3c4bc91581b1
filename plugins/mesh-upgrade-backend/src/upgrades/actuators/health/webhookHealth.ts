import { listAll } from '../../../clusters/listAll';
import { orUndefined } from '../../../clusters/notFound';
import type {
  KubernetesClient,
  KubernetesObject,
  ResourceType,
} from '../../../clusters/types';
import { isLive, isReady, selectorToString } from '../../../kubernetes/pods';
import { PODS, type Pod } from '../../../kubernetes/types';
import {
  DEFAULT_VALIDATOR,
  MUTATING_WEBHOOKS,
  REVISION,
  revisionOfTag,
  VALIDATING_WEBHOOKS,
  validatesConfiguration,
  type WebhookConfiguration,
} from '../../../kubernetes/webhooks';
import { isKubernetesError } from '../../engine/stepFailure';
import type { Look } from '../LookActuator';
import { lastedMs } from './patience';

export const WEBHOOK_HEALTH_ACTION = 'webhook-health';

/** What the plan says about the webhooks of one cluster. */
export interface WebhookHealthParameters extends Record<string, unknown> {
  /** The revisions of the mesh in the cluster. */
  revisions: string[];
}

const SERVICES: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'services',
};
const PATIENCE_MS = 60_000;

interface Service extends KubernetesObject {
  spec?: { selector?: Record<string, string> };
}

/** Whether the default validator, and the validators and tags of the mesh's revisions, lead to an istiod that is Ready. */
export const webhookHealth: Look = {
  action: WEBHOOK_HEALTH_ACTION,
  async look(client, step, { signal, now }) {
    const { revisions } = step.parameters as WebhookHealthParameters;
    let dead: string[];
    let configurations: WebhookConfiguration[];
    try {
      configurations = await relevant(client, revisions, signal);
      dead = await deadAmong(client, configurations, signal);
    } catch (error) {
      if (isKubernetesError(error) && error.status === 403) {
        return {
          state: 'unproven',
          message: `Where webhooks lead cannot be read: ${error.message}`,
        };
      }
      throw error;
    }
    const names = configurations.map(({ metadata }) => metadata.name).sort();
    if (dead.length === 0) {
      return {
        state: 'done',
        message:
          names.length > 0
            ? `${names.join(', ')}: each leads to an istiod that is Ready`
            : 'The cluster has no validator and no revision tag',
      };
    }
    const since = step.detail?.since ?? now.toISOString();
    return {
      state: lastedMs(since, now) < PATIENCE_MS ? 'moving' : 'failed',
      message: `${dead.join(
        '. ',
      )}. Point it at a revision that runs, with istioctl tag set or defaultRevision of chart base, or remove it`,
      detail: { since },
    };
  },
};

async function relevant(
  client: KubernetesClient,
  revisions: string[],
  signal: AbortSignal,
): Promise<WebhookConfiguration[]> {
  const [validators, injectors] = await Promise.all(
    [VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS].map(resource =>
      listAll<WebhookConfiguration>(client, resource, { signal }),
    ),
  );
  return [
    ...validators.filter(
      each =>
        each.metadata.name === DEFAULT_VALIDATOR ||
        revisions.some(revision => validatesConfiguration(each, revision)),
    ),
    ...injectors.filter(each => {
      const revision = revisionOfTag(each);
      return revision !== undefined && revisions.includes(revision);
    }),
  ];
}

/** In words, what happens because of each that leads nowhere. */
async function deadAmong(
  client: KubernetesClient,
  configurations: WebhookConfiguration[],
  signal: AbortSignal,
): Promise<string[]> {
  const told = await Promise.all(
    configurations.map(async each => {
      // One that names an address leads out of the cluster's sight.
      const service = each.webhooks?.find(
        ({ clientConfig }) => clientConfig.service,
      )?.clientConfig.service;
      if (!service || (await isAnswered(client, service, signal))) {
        return [];
      }
      const { name, labels } = each.metadata;
      const where = `${name} (revision ${
        labels?.[REVISION] ?? 'unknown'
      }) leads to Service ${service.namespace}/${
        service.name
      }, behind which no pod is Ready`;
      return [
        `${where}: ${
          revisionOfTag(each) === undefined
            ? 'changes of Istio configuration are refused or not validated'
            : 'pods of the namespaces that use the tag cannot be created'
        }`,
      ];
    }),
  );
  return told.flat();
}

async function isAnswered(
  client: KubernetesClient,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<boolean> {
  const service = await orUndefined(
    client.get<Service>({ ...SERVICES, namespace, name }, { signal }),
  );
  const selector = service?.spec?.selector;
  if (!service) {
    return false;
  }
  // Without one somebody else keeps its endpoints, as with an external istiod.
  if (!selector) {
    return true;
  }
  const pods = await listAll<Pod>(client, PODS, {
    namespace,
    labelSelector: selectorToString({ matchLabels: selector }),
    signal,
  });
  return pods.some(pod => isLive(pod) && isReady(pod));
}
