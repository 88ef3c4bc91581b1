import { stringifyWorkloadRef } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  InjectionStatus,
  SidecarForm,
  WorkloadDetail,
  WorkloadPod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterFacts, FactResource } from '../facts/ClusterFacts';
import type { PodFact, WorkloadFact } from '../facts/types';
import type { OwnershipIndex } from '../types';
import { concernsMesh } from './concernsMesh';
import { decideInjection } from './injection';
import type { InjectionVerdict } from './injection';
import { parseImage } from './image';
import { injectedVersion } from './injectedVersion';
import { hasSidecar, injectionStatus } from './injectionStatus';
import type { MeshLookup } from './meshOf';
import {
  isDeployedByIstiod,
  isManuallyInjected,
  upgradeMethod,
} from './upgradeMethod';

/** Shown where an image tells no version. */
const UNKNOWN_VERSION = 'unknown';

/** Of a gateway that istiod deploys. */
const GATEWAY_STATUS = {
  status: 'excluded',
  reason:
    'A gateway of the Gateway API that istiod deploys: its pods are the proxy, they get no sidecar',
} as const;

/** Without one of these nothing can be said about a workload's sidecars. */
const NEEDED: FactResource[] = [
  'namespaces',
  'mutatingwebhookconfigurations',
  'pods',
  'replicasets',
];

/** Everything that is the same for all workloads of a cluster. */
export interface WorkloadContext {
  cluster: string;
  facts: ClusterFacts;
  meshes: MeshLookup;
  ownership: OwnershipIndex;
}

/**
 * What is known of a workload's sidecars; undefined for one that is no
 * business of a mesh: a part of Istio or Kubernetes, on a cluster without a
 * mesh, or a Job that is over.
 */
export function workloadDetail(
  workload: WorkloadFact,
  { cluster, facts, meshes, ownership }: WorkloadContext,
): WorkloadDetail | undefined {
  if (!concernsMesh(workload, facts)) {
    return undefined;
  }
  const pods = facts.livePodsOf(workload);
  const proxied = pods.filter(hasSidecar);
  if (meshes.ofCluster === undefined && proxied.length === 0) {
    return undefined;
  }

  const isGateway = isDeployedByIstiod(workload);
  // Its proxy is no sidecar of anything: it is counted among the components.
  const injected = isGateway ? [] : proxied;
  const verdict = isGateway ? undefined : verdictFor(workload, facts);
  const { status, reason } = isGateway
    ? GATEWAY_STATUS
    : statusOf(workload, facts, verdict, pods);
  const injection = verdict?.outcome === 'inject' ? verdict : undefined;
  const injects =
    injection &&
    injectedVersion(injection.revision, injection.controlPlaneNamespace, {
      facts,
      meshes,
    });
  const desiredVersion = injects?.version;
  const { namespace, kind, name } = workload;
  return {
    id: stringifyWorkloadRef({ cluster, namespace, kind, name }),
    cluster,
    namespace,
    kind,
    name,
    meshId: meshIdOf(injection, proxied, meshes),
    status,
    statusReason: reason,
    sidecar: sidecarForm(workload, facts, injected),
    revision: injection?.revision,
    desiredVersion,
    versions: countVersions(injected),
    pods: {
      total: pods.length,
      ready: pods.filter(pod => pod.ready).length,
      injected: injected.length,
      abnormal:
        pods.filter(isAbnormal).length + facts.failedPodsOf(workload).length,
    },
    replicas: workload.replicas,
    outdated:
      desiredVersion !== undefined &&
      injected.some(
        // A version that nobody can read is shown, and compared with nothing.
        ({ version }) => version !== undefined && version !== desiredVersion,
      ),
    method: upgradeMethod({
      workload,
      status,
      statusReason: reason,
      injects: injection !== undefined,
      desiredVersion,
      desiredVersionProblem: injects?.problem,
    }),
    resources: injected.find(pod => pod.resources)?.resources,
    owners: ownership.ownersOf({
      cluster,
      namespace,
      kind,
      name,
      labels: workload.labels,
    }),
    controller: workload.controller && {
      kind: workload.controller.kind,
      name: workload.controller.name,
      apiVersion: workload.controller.apiVersion,
    },
    gitOps: workload.gitOps,
    services: servicesOf(workload, facts),
    podList: pods.map(toWorkloadPod),
  };
}

function isAbnormal({ phase, problem }: PodFact): boolean {
  return problem !== undefined || phase === 'Unknown';
}

/** Undefined where Services may not be read: that is not the same as none. */
function servicesOf(
  workload: WorkloadFact,
  facts: ClusterFacts,
): string[] | undefined {
  return facts.unreadable.has('services')
    ? undefined
    : facts.servicesOf(workload).map(({ name }) => name);
}

function verdictFor(
  workload: WorkloadFact,
  facts: ClusterFacts,
): InjectionVerdict | undefined {
  const namespace = facts.namespaces.get(`/${workload.namespace}`);
  return namespace && whatIsMissing(facts) === undefined
    ? decideInjection({
        namespace,
        template: workload.template,
        webhooks: facts.mutatingwebhookconfigurations.values(),
      })
    : undefined;
}

function statusOf(
  workload: WorkloadFact,
  facts: ClusterFacts,
  verdict: InjectionVerdict | undefined,
  pods: PodFact[],
): { status: InjectionStatus; reason: string } {
  if (!verdict) {
    return {
      status: 'unknown',
      reason:
        whatIsMissing(facts) ??
        `Namespace ${workload.namespace} has not been seen yet`,
    };
  }
  return injectionStatus({
    verdict,
    pods,
    ambient: isAmbient(workload, facts),
    manual: isManuallyInjected(workload),
  });
}

function whatIsMissing(facts: ClusterFacts): string | undefined {
  return NEEDED.map(resource => facts.unreadable.get(resource)).find(
    reason => reason !== undefined,
  );
}

/** The revision decides; then what gave the pods their proxy once; then the cluster. */
function meshIdOf(
  injection: { revision: string; controlPlaneNamespace?: string } | undefined,
  proxied: PodFact[],
  meshes: MeshLookup,
): string | undefined {
  if (injection) {
    return meshes.ofRevision(
      injection.revision,
      injection.controlPlaneNamespace,
    );
  }
  const revision = proxied.find(pod => pod.revision !== undefined)?.revision;
  return revision !== undefined && meshes.injectorConfig(revision)
    ? meshes.ofRevision(revision)
    : meshes.ofCluster;
}

/** While a restart moves the proxy from one form to another, the newest pod tells. */
function sidecarForm(
  workload: WorkloadFact,
  facts: ClusterFacts,
  injected: PodFact[],
): SidecarForm {
  const newest = injected.reduce<PodFact | undefined>(
    (latest, pod) =>
      latest && latest.createdAt >= pod.createdAt ? latest : pod,
    undefined,
  );
  return newest?.sidecar ?? (isAmbient(workload, facts) ? 'ambient' : 'none');
}

/** The pod's label decides before the namespace's. */
function isAmbient(
  { namespace, template }: WorkloadFact,
  facts: ClusterFacts,
): boolean {
  const label = 'istio.io/dataplane-mode';
  const mode =
    template.labels[label] ??
    facts.namespaces.get(`/${namespace}`)?.labels[label];
  return mode === 'ambient';
}

function countVersions(
  injected: PodFact[],
): { version: string; pods: number }[] {
  const counts = new Map<string, number>();
  for (const pod of injected) {
    const version = shownVersion(pod) ?? UNKNOWN_VERSION;
    counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return [...counts]
    .map(([version, pods]) => ({ version, pods }))
    .sort((a, b) => (a.version < b.version ? -1 : 1));
}

/** A tag that is no version is shown as it is. */
function shownVersion({ version, image }: PodFact): string | undefined {
  return version ?? (image === undefined ? undefined : parseImage(image).tag);
}

function toWorkloadPod(pod: PodFact): WorkloadPod {
  return {
    name: pod.name,
    uid: pod.uid,
    phase: pod.phase,
    ready: pod.ready,
    node: pod.node,
    sidecar: pod.sidecar,
    version: shownVersion(pod),
    image: pod.image,
    revision: pod.revision,
    createdAt: pod.createdAt,
    problem: pod.problem,
  };
}
