import type { Cluster } from '../cluster/Cluster';
import { ApiError } from '../kubernetes/errors';
import { isActive, isReady } from '../kubernetes/pods';
import {
  PODS,
  SERVICES,
  VALIDATING_WEBHOOKS,
  type Resource,
} from '../kubernetes/resources';
import { matchesSelector } from '../kubernetes/selectors';
import type { Draft, KubeObject, Webhook } from '../kubernetes/types';

const VALIDATED = [
  'extensions.istio.io',
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
];
/** The mark by which istiod tries whether it is asked at all. */
const ALWAYS_REJECT = 'internal.istio.io/webhook-always-reject';
const HOST = /^(\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*)$/i;

/** Asks the validator of each revision that a piece of Istio's configuration is for; throws its refusal. */
export function validateConfiguration(
  cluster: Cluster,
  resource: Resource,
  object: Draft | KubeObject,
) {
  if (!VALIDATED.includes(resource.group)) {
    return;
  }
  for (const webhook of webhooksFor(cluster, object)) {
    if (isAnswered(cluster, webhook)) {
      const fault = faultOf(resource, object);
      if (fault) {
        throw new ApiError(
          400,
          // A webhook's own answer has no reason unless it gives one.
          undefined,
          `admission webhook "${webhook.name}" denied the request: configuration is invalid: ${fault}`,
        );
      }
    } else if (webhook.failurePolicy !== 'Ignore') {
      const { service } = webhook.clientConfig;
      throw new ApiError(
        500,
        'InternalError',
        `Internal error occurred: failed calling webhook "${webhook.name}": failed to call webhook: Post "https://${service?.name}.${service?.namespace}.svc:443/validate?timeout=10s": no endpoints available for service "${service?.name}"`,
      );
    }
  }
}

function webhooksFor(
  cluster: Cluster,
  { metadata }: Draft | KubeObject,
): Webhook[] {
  return cluster.store
    .list(VALIDATING_WEBHOOKS)
    .flatMap(({ webhooks = [] }) => webhooks)
    .filter(
      ({ name, objectSelector }) =>
        name.endsWith('validation.istio.io') &&
        matchesSelector(objectSelector, metadata.labels),
    );
}

function isAnswered(
  cluster: Cluster,
  { clientConfig: { service } }: Webhook,
): boolean {
  const found =
    service && cluster.store.get(SERVICES, service.namespace, service.name);
  const selector = found?.spec.selector;
  return (
    selector !== undefined &&
    cluster.store
      .list(PODS, service!.namespace)
      .some(
        pod =>
          isActive(pod) &&
          isReady(pod) &&
          matchesSelector({ matchLabels: selector }, pod.metadata.labels),
      )
  );
}

/** The faults that are looked for here; a real istiod knows many more. */
function faultOf(
  resource: Resource,
  { metadata, spec }: Draft | KubeObject,
): string | undefined {
  if (metadata.annotations?.[ALWAYS_REJECT] !== undefined) {
    return `"${ALWAYS_REJECT}" annotation found, rejecting`;
  }
  if (resource.kind !== 'Gateway') {
    return undefined;
  }
  const { servers = [] } = (spec ?? {}) as { servers?: { hosts?: string[] }[] };
  const bad = servers
    .flatMap(({ hosts = [] }) => hosts)
    .find(host => !HOST.test(host.split('/').at(-1)!));
  return servers.length === 0
    ? 'gateway must have at least one server'
    : bad && `domain name "${bad}" invalid (label "${bad}" invalid)`;
}
