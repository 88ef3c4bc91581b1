import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { listAll } from '../../clusters/listAll';
import { orUndefined } from '../../clusters/notFound';
import type { KubernetesClient } from '../../clusters/types';
import type { ManagedObject } from '../../kubernetes/managedFields';
import {
  DEPLOYMENTS,
  ISTIOS,
  type Deployment,
  type Istio,
} from '../../kubernetes/types';
import {
  MUTATING_WEBHOOKS,
  REVISION,
  VALIDATING_WEBHOOKS,
} from '../../kubernetes/webhooks';
import type { WatchedObject } from './driftOf';

/** Reads what a control plane consists of, as far as an upgrade is about it. */
export async function readWatchedObjects(
  client: KubernetesClient,
  { namespace, name, revision, install }: ControlPlaneView,
  options: { signal: AbortSignal },
): Promise<WatchedObject[]> {
  const { cluster } = client;
  const ofRevision = { ...options, labelSelector: `${REVISION}=${revision}` };
  const [deployment, injectors, validators, istios] = await Promise.all([
    orUndefined(
      client.get<Deployment>({ ...DEPLOYMENTS, namespace, name }, options),
    ),
    listAll<ManagedObject>(client, MUTATING_WEBHOOKS, ofRevision),
    listAll<ManagedObject>(client, VALIDATING_WEBHOOKS, ofRevision),
    install.method === 'sail' ? listAll<Istio>(client, ISTIOS, options) : [],
  ]);
  const watched = (kind: string, objects: ManagedObject[]) =>
    objects.map(object => ({ cluster, kind, object }));
  return [
    ...(deployment
      ? [
          {
            cluster,
            kind: 'Deployment',
            object: deployment,
            state: stateOfDeployment(deployment),
          },
        ]
      : []),
    ...watched('MutatingWebhookConfiguration', injectors),
    ...watched('ValidatingWebhookConfiguration', validators),
    ...istios
      .filter(({ spec }) => (spec.namespace ?? namespace) === namespace)
      .map(object => ({
        cluster,
        kind: 'Istio',
        object,
        state: `spec.version ${object.spec.version}`,
      })),
  ];
}

function stateOfDeployment({ spec }: Deployment): string {
  const images = spec.template.spec?.containers?.flatMap(
    ({ image }) => image ?? [],
  );
  return `image ${images?.join(', ') || 'unknown'}, ${
    spec.replicas ?? 1
  } replicas`;
}
