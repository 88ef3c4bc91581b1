import type {
  DeploymentSpec,
  DeploymentStatus,
} from 'kubernetes-types/apps/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { KubernetesObject } from '../../clusters/types';
import { gitOpsOwner } from '../../gitops/gitOpsOwner';
import { releaseNamedBy } from '../../helm/releaseMarks';
import { detectInstallMethod } from '../rules/installMethod';
import { controllerOf } from './controllerOf';
import { projectMeshPart } from './projectMeshPart';
import { PROXY_CONTAINER } from './projectPod';
import type {
  ControllerFact,
  IstiodFact,
  TemplateFact,
  WorkloadFact,
} from './types';
import { valueAt } from './valueAt';
import type { WorkloadKindSpec } from './workloadKinds';

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

/** An object that another workload controls tells nothing but the link: clusters keep ten old ReplicaSets per Deployment. */
const NO_TEMPLATE: TemplateFact = {
  labels: {},
  annotations: {},
  hostNetwork: false,
};

/** Returns the projection for one kind of workload. */
export function projectWorkload(
  kind: WorkloadKindSpec,
  isRead: (controller: ControllerFact) => boolean,
): (object: RawWorkload) => WorkloadFact {
  return object => {
    const { metadata } = object;
    const controller = controllerOf(metadata);
    const link = {
      uid: metadata.uid ?? '',
      namespace: metadata.namespace ?? '',
      kind: kind.kind,
      name: metadata.name,
      controller,
      paused: false,
      finished: false,
    };
    if (controller && isRead(controller)) {
      return { ...link, labels: NO_TEMPLATE.labels, template: NO_TEMPLATE };
    }
    const template = projectTemplate(
      valueAt<PodTemplateSpec>(object, kind.podTemplatePath),
    );
    const labels = { ...template.labels, ...metadata.labels };
    return {
      ...link,
      labels,
      template,
      paused: object.spec?.paused ?? false,
      finished: hasFinished(object),
      strategy: strategyOf(object),
      replicas: replicasOf(object, kind),
      gitOps: gitOpsOwner(metadata),
      component: componentOf(labels),
      part: projectMeshPart(object, template),
    };
  };
}

/** A Deployment labelled `app=istiod` is a control plane besides. */
export function projectDeployment(
  ...kind: Parameters<typeof projectWorkload>
): (object: RawWorkload) => WorkloadFact {
  const project = projectWorkload(...kind);
  return object =>
    object.metadata.labels?.app === 'istiod'
      ? { ...project(object), istiod: projectIstiod(object) }
      : project(object);
}

/** Whether labels are those of a part of Istio itself, and which. */
export function componentOf(
  labels: Record<string, string>,
): string | undefined {
  return [labels.app, labels['k8s-app']].find(
    app => app !== undefined && ISTIO_COMPONENTS.has(app),
  );
}

/** Keeps of a pod template, or of a pod that has none, what injection looks at. */
export function projectTemplate(
  template: PodTemplateSpec | undefined,
): TemplateFact {
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

function hasFinished({ status }: RawWorkload): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value }) =>
      (type === 'Complete' || type === 'Failed') && value === 'True',
  );
}

function strategyOf(object: RawWorkload): string | undefined {
  return (
    valueAt<string>(object, ['spec', 'updateStrategy', 'type']) ??
    valueAt<string>(object, ['spec', 'strategy', 'type'])
  );
}

function replicasOf(
  object: RawWorkload,
  { replicasPath, readyReplicasPath }: WorkloadKindSpec,
): WorkloadFact['replicas'] {
  const desired = replicasPath && valueAt<number>(object, replicasPath);
  const ready = readyReplicasPath && valueAt<number>(object, readyReplicasPath);
  return typeof desired === 'number'
    ? { desired, ready: typeof ready === 'number' ? ready : 0 }
    : undefined;
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
  const { labels, generation } = metadata;
  const containers = spec?.template?.spec?.containers ?? [];
  const discovery =
    containers.find(c => c.name === 'discovery') ?? containers[0];
  return {
    image: discovery?.image ?? '',
    revision: labels?.['istio.io/rev'] || 'default',
    install: detectInstallMethod(metadata, discovery?.image ?? ''),
    release: releaseNamedBy(metadata),
    chart: labels?.['helm.sh/chart'],
    releaseMark: `${labels?.['helm.sh/chart'] ?? ''} ${generation ?? ''}`,
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
