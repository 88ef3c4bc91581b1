import type { WorkloadKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  DeploymentSpec,
  DeploymentStatus,
} from 'kubernetes-types/apps/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { KubernetesObject } from '../../clusters/types';
import { detectInstallMethod } from '../rules/installMethod';
import { PROXY_CONTAINER } from './projectPod';
import type { IstiodFact, TemplateFact, WorkloadFact } from './types';

/** A Deployment; of StatefulSets and DaemonSets only parts that they share with it are read. */
export type RawWorkload = KubernetesObject & {
  spec?: Partial<DeploymentSpec>;
  status?: DeploymentStatus;
};

/** Values of the label `app` (CNI: `k8s-app`) of Istio's own parts. */
const ISTIO_COMPONENTS = new Set([
  'istiod',
  'ztunnel',
  'istio-cni-node',
  'sail-operator',
]);

/** A default that the API server would fill in: one replica. */
const DEFAULT_REPLICAS = 1;

/** Returns the projection for one kind of workload. */
export function projectWorkload(
  kind: WorkloadKind,
): (object: RawWorkload) => WorkloadFact {
  return ({ metadata, spec }) => {
    const template = projectTemplate(spec?.template);
    const labels = { ...template.labels, ...metadata.labels };
    return {
      uid: metadata.uid ?? '',
      namespace: metadata.namespace ?? '',
      kind,
      name: metadata.name,
      labels,
      template,
      paused: spec?.paused ?? false,
      component: [labels.app, labels['k8s-app']].find(
        app => app !== undefined && ISTIO_COMPONENTS.has(app),
      ),
    };
  };
}

/** A Deployment labelled `app=istiod` is a control plane besides. */
export function projectDeployment(object: RawWorkload): WorkloadFact {
  const fact = projectWorkload('Deployment')(object);
  return object.metadata.labels?.app === 'istiod'
    ? { ...fact, istiod: projectIstiod(object) }
    : fact;
}

function projectTemplate(template: PodTemplateSpec | undefined): TemplateFact {
  const proxy = [
    ...(template?.spec?.containers ?? []),
    ...(template?.spec?.initContainers ?? []),
  ].find(container => container.name === PROXY_CONTAINER);
  return {
    labels: template?.metadata?.labels ?? {},
    annotations: istioAnnotations(template?.metadata?.annotations),
    hostNetwork: template?.spec?.hostNetwork ?? false,
    proxyImage: proxy && (proxy.image ?? ''),
  };
}

function istioAnnotations(
  annotations: Record<string, string> | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([key]) =>
      key.split('/')[0].endsWith('istio.io'),
    ),
  );
}

function projectIstiod({ metadata, spec, status }: RawWorkload): IstiodFact {
  const containers = spec?.template?.spec?.containers ?? [];
  const discovery =
    containers.find(c => c.name === 'discovery') ?? containers[0];
  return {
    image: discovery?.image ?? '',
    revision: metadata.labels?.['istio.io/rev'] || 'default',
    install: detectInstallMethod(metadata),
    desiredReplicas: spec?.replicas ?? DEFAULT_REPLICAS,
    readyReplicas: status?.readyReplicas ?? 0,
    problems: failingConditions(status),
  };
}

/** `Available=False` is not among them: the missing replicas show it, and it holds in every normal start. */
function failingConditions(status: DeploymentStatus | undefined): string[] {
  return (status?.conditions ?? [])
    .filter(
      ({ type, status: value }) =>
        (type === 'Progressing' && value === 'False') ||
        (type === 'ReplicaFailure' && value === 'True'),
    )
    .map(({ type, reason, message }) =>
      `${reason ?? type}: ${message ?? ''}`.replace(/: $/, ''),
    );
}
