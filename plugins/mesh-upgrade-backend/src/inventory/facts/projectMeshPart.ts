import type {
  DaemonSetStatus,
  DeploymentStatus,
} from 'kubernetes-types/apps/v1';
import type { MeshComponentView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject } from '../../clusters/types';
import { isFilledInByIstiod } from '../rules/image';
import { PROXY_CONTAINER } from './projectPod';
import type { MeshPartFact, TemplateFact } from './types';

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const GATEWAY_CLASS = 'gateway.networking.k8s.io/gateway-class-name';
const TEMPLATES = 'inject.istio.io/templates';

const WAYPOINT_CLASS = 'istio-waypoint';

/** A default that the API server would fill in: one replica. */
const DEFAULT_REPLICAS = 1;

/** What Deployments and DaemonSets tell of themselves, each with its own fields. */
type RawPart = KubernetesObject & {
  spec?: {
    replicas?: number;
    template?: {
      spec?: { containers?: { name: string; image?: string }[] };
    };
  };
  status?: Partial<DeploymentStatus> & Partial<DaemonSetStatus>;
};

/** Undefined for everything that is neither a gateway nor an agent of Istio's on the nodes. */
export function projectMeshPart(
  object: RawPart,
  template: TemplateFact,
): MeshPartFact | undefined {
  const { spec, status } = object;
  const recognized = agentOf(object, template) ?? gatewayOf(object, template);
  return (
    recognized && {
      ...recognized,
      desired:
        status?.desiredNumberScheduled ?? spec?.replicas ?? DEFAULT_REPLICAS,
      ready: status?.numberReady ?? status?.readyReplicas ?? 0,
    }
  );
}

type Recognized = Pick<MeshPartFact, 'kind' | 'image' | 'gateway'>;

/** The agents on the nodes; their charts label them by `k8s-app` or only their pods. */
function agentOf(
  { metadata, spec }: RawPart,
  template: TemplateFact,
): Recognized | undefined {
  const containers = spec?.template?.spec?.containers ?? [];
  const { app, 'k8s-app': k8sApp }: Record<string, string> = {
    ...template.labels,
    ...metadata.labels,
  };
  const cni = containers.find(({ name }) => name === 'install-cni');
  if (cni && [app, k8sApp].includes('istio-cni-node')) {
    return { kind: 'cni', image: cni.image };
  }
  return app === 'ztunnel'
    ? { kind: 'ztunnel', image: containers[0]?.image }
    : undefined;
}

/** Other products use the labels of the Gateway API too: Istio's gateways hold its proxy. */
function gatewayOf(
  { metadata, spec }: RawPart,
  { labels: templateLabels, annotations, proxyImage }: TemplateFact,
): Recognized | undefined {
  if (proxyImage === undefined) {
    return undefined;
  }
  const labels: Record<string, string> = {
    ...templateLabels,
    ...metadata.labels,
  };
  const injected = isFilledInByIstiod(proxyImage);
  const name = labels[GATEWAY_NAME];
  // istiod writes the image itself; one that is to be injected is somebody's own Deployment.
  if (name !== undefined && !injected) {
    const gatewayClass = labels[GATEWAY_CLASS];
    return {
      kind:
        gatewayClass === WAYPOINT_CLASS ||
        labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller'
          ? 'waypoint'
          : 'gateway',
      image: proxyImage,
      gateway: { origin: 'gatewayApi', name, class: gatewayClass },
    };
  }
  const containers = spec?.template?.spec?.containers ?? [];
  const isGateway =
    (annotations[TEMPLATES] ?? '').split(',').includes('gateway') ||
    /gateway$/.test(labels.istio ?? '') ||
    // A workload may shape its sidecar by such a container as well, but beside its own.
    (injected &&
      containers.every(container => container.name === PROXY_CONTAINER));
  const origin: NonNullable<MeshComponentView['gateway']>['origin'] = injected
    ? 'injected'
    : 'other';
  return isGateway
    ? {
        kind: 'gateway',
        image: injected ? undefined : proxyImage,
        gateway: { origin },
      }
    : undefined;
}
