import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../../clusters/types';
import { matchesSelector } from '../../kubernetes/labelSelector';
import type { Changes } from './Changes';
import { FactTable } from './FactTable';
import type { ObjectSink } from './FactTable';
import { Interner } from './Interner';
import { projectBarePod } from './projectBarePod';
import { projectInjectorConfig } from './projectInjectorConfig';
import type { RawConfigMap } from './projectInjectorConfig';
import { projectInjectorWebhooks } from './projectInjectorWebhooks';
import type { RawWebhookConfiguration } from './projectInjectorWebhooks';
import { projectKymaIstio } from './projectKymaIstio';
import { projectNamespace } from './projectNamespace';
import { projectPod } from './projectPod';
import type { RawPod } from './projectPod';
import { projectService } from './projectService';
import type { RawService } from './projectService';
import { projectSailIstio } from './projectSailIstio';
import { projectRevisionTag } from './projectRevisionTag';
import type { RawRevisionTag } from './projectRevisionTag';
import type { RawSailIstio } from './projectSailIstio';
import type { RawWorkload } from './projectWorkload';
import type {
  EnquiredFact,
  InjectorConfigFact,
  InjectorWebhooksFact,
  KymaIstioFact,
  NamespaceFact,
  PodFact,
  PrimaryFact,
  RevisionTagFact,
  SailIstioFact,
  ServiceFact,
  WorkloadFact,
} from './types';
import { UidIndex } from './UidIndex';
import { BUILT_IN_KINDS } from './workloadKinds';
import type { ListedWorkloadKind, WorkloadKindSpec } from './workloadKinds';
import { WorkloadTables } from './WorkloadTables';

/** What the inventory reads of every cluster. */
export type BuiltInResource =
  | 'namespaces'
  | 'pods'
  | 'services'
  | WorkloadResource
  | 'configmaps'
  | 'mutatingwebhookconfigurations'
  | 'istios'
  | 'istiorevisiontags'
  | 'kymaistios';

/** Resources that run pods, by the names of `BUILT_IN_KINDS`. */
export type WorkloadResource =
  | 'deployments'
  | 'statefulsets'
  | 'daemonsets'
  | 'replicasets'
  | 'replicationcontrollers'
  | 'rollouts'
  | 'deploymentconfigs'
  | 'clonesets'
  | 'jobs'
  | 'cronjobs';

/** What the inventory reads of a cluster; a configured one is named `resource.group`. */
export type FactResource = BuiltInResource | `${string}.${string}`;

/** Names a configured kind among the resources. */
export function customResourceName(kind: {
  resource: string;
  group: string;
}): `${string}.${string}` {
  return `${kind.resource}.${kind.group}`;
}

/** Names a workload within its cluster, as `namespace/kind/name`. */
export function workloadKey(workload: {
  namespace: string;
  kind: string;
  name: string;
}): string {
  return `${workload.namespace}/${workload.kind}/${workload.name}`;
}

/** Everything known of one cluster, and which workloads a change concerns. */
export class ClusterFacts {
  readonly namespaces: FactTable<KubernetesObject, NamespaceFact>;
  readonly pods: FactTable<RawPod, PodFact>;
  readonly services: FactTable<RawService, ServiceFact>;
  readonly deployments: FactTable<RawWorkload, WorkloadFact>;
  readonly statefulsets: FactTable<RawWorkload, WorkloadFact>;
  readonly daemonsets: FactTable<RawWorkload, WorkloadFact>;
  readonly replicasets: FactTable<RawWorkload, WorkloadFact>;
  readonly configmaps: FactTable<RawConfigMap, InjectorConfigFact>;
  readonly mutatingwebhookconfigurations: FactTable<
    RawWebhookConfiguration,
    InjectorWebhooksFact
  >;
  readonly istios: FactTable<RawSailIstio, SailIstioFact>;
  readonly istiorevisiontags: FactTable<RawRevisionTag, RevisionTagFact>;
  readonly kymaistios: FactTable<KubernetesObject, KymaIstioFact>;

  /** By `namespace/name` of the control plane. */
  readonly enquired = new Map<string, EnquiredFact>();

  #primaries: PrimaryFact[] = [];

  /** Resources that could never be read, and why in the server's words. */
  readonly unreadable = new Map<FactResource, string>();

  readonly #podsByOwner = new UidIndex<PodFact>();
  /** By namespace and name. */
  readonly #servicesIn = new UidIndex<ServiceFact>();
  readonly #workloadTables: WorkloadTables;
  readonly #customKinds: WorkloadKindSpec[];
  /** Pods that are workloads themselves, by `namespace/name`. */
  readonly #alone = new Map<string, WorkloadFact>();
  readonly #interner = new Interner();
  readonly #onChange: () => void;

  #everything = true;
  #controlPlanes = true;
  #workloads = new Set<string>();

  constructor(options: {
    onChange: () => void;
    /** Configured besides the built-in kinds. */
    customKinds?: WorkloadKindSpec[];
  }) {
    this.#onChange = options.onChange;
    this.#customKinds = options.customKinds ?? [];
    const everything = () => this.markEverything();
    this.#workloadTables = new WorkloadTables({
      customKinds: this.#customKinds,
      changed: (former, next) => this.#workloadChanged(former, next),
    });
    this.deployments = this.#builtIn('Deployment');
    this.statefulsets = this.#builtIn('StatefulSet');
    this.daemonsets = this.#builtIn('DaemonSet');
    this.replicasets = this.#builtIn('ReplicaSet');
    this.namespaces = new FactTable({
      project: projectNamespace,
      changed: (former, next) => this.#namespaceChanged((next ?? former)!.name),
    });
    this.pods = new FactTable({
      project: pod => this.#projectPod(pod),
      changed: (former, next) => this.#podChanged(former, next),
    });
    this.services = new FactTable({
      project: projectService,
      changed: (former, next) => this.#serviceChanged(former, next),
    });
    this.configmaps = new FactTable({
      project: projectInjectorConfig,
      changed: everything,
    });
    this.mutatingwebhookconfigurations = new FactTable({
      project: projectInjectorWebhooks,
      changed: everything,
    });
    this.istios = new FactTable({
      project: projectSailIstio,
      changed: everything,
    });
    this.istiorevisiontags = new FactTable({
      project: projectRevisionTag,
      changed: () => this.markControlPlanes(),
    });
    this.kymaistios = new FactTable({
      project: projectKymaIstio,
      changed: () => this.markControlPlanes(),
    });
  }

  /** Where the objects of a resource are delivered. */
  sink(name: FactResource): ObjectSink<KubernetesObject> {
    const custom = this.#customKinds.find(
      kind => customResourceName(kind) === name,
    );
    const kind = custom ?? builtInKindOf(name);
    const table = kind
      ? this.#workloadTables.table(kind.kind)
      : this[name as Exclude<BuiltInResource, WorkloadResource>];
    return table as ObjectSink<KubernetesObject>;
  }

  /** What istiods of other clusters inject here, where this one has none of its own. */
  get primaries(): readonly PrimaryFact[] {
    return this.#primaries;
  }

  learnPrimaries(primaries: PrimaryFact[]): void {
    if (JSON.stringify(primaries) !== JSON.stringify(this.#primaries)) {
      this.#primaries = primaries;
      this.markEverything();
    }
  }

  /** Some injector is called that has no configuration here: an istiod elsewhere answers. */
  get isServedFromElsewhere(): boolean {
    const configured = new Set(
      [...this.configmaps.values()].map(({ revision }) => revision),
    );
    return [...this.mutatingwebhookconfigurations.values()].some(
      ({ revision }) => !configured.has(revision),
    );
  }

  workload(key: string): WorkloadFact | undefined {
    const [namespace, kind, name] = key.split('/');
    return kind === 'Pod'
      ? this.#alone.get(`${namespace}/${name}`)
      : this.#workloadTables.get(kind, `${namespace}/${name}`);
  }

  *workloads(): Generator<WorkloadFact> {
    yield* this.#workloadTables.values();
    yield* this.#alone.values();
  }

  *controlPlanes(): Generator<
    WorkloadFact & { istiod: NonNullable<WorkloadFact['istiod']> }
  > {
    for (const workload of this.deployments.values()) {
      const { istiod } = workload;
      if (istiod) {
        yield { ...workload, istiod };
      }
    }
  }

  /** Neither completed nor terminating pods, found by the chain of owners. */
  livePodsOf(workload: WorkloadFact): PodFact[] {
    return this.#podsOf(workload)
      .filter(pod => pod.live)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Pods that failed and that nobody has removed since. */
  failedPodsOf(workload: WorkloadFact): PodFact[] {
    return this.#podsOf(workload).filter(({ phase }) => phase === 'Failed');
  }

  /** Services that select what the workload's template makes, by name. */
  servicesOf(workload: WorkloadFact): ServiceFact[] {
    return this.#servicesIn
      .get(workload.namespace)
      .filter(service => selects(service, workload))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What is shown of the mesh itself changed, of no workload. */
  markControlPlanes(): void {
    this.#controlPlanes = true;
    this.#onChange();
  }

  /** Something outside the cluster changed, e.g. who owns what. */
  markEverything(): void {
    this.#everything = true;
    this.#controlPlanes = true;
    this.#onChange();
  }

  /** What changed since the last call. */
  takeChanges(): Changes {
    const changes = {
      everything: this.#everything,
      workloads: this.#workloads,
      controlPlanes: this.#controlPlanes,
    };
    this.#everything = false;
    this.#controlPlanes = false;
    this.#workloads = new Set();
    return changes;
  }

  /** Gives changes back that could not be stored. */
  restoreChanges(changes: Changes): void {
    this.#everything ||= changes.everything;
    this.#controlPlanes ||= changes.controlPlanes;
    changes.workloads.forEach(key => this.#workloads.add(key));
  }

  #builtIn(kind: ListedWorkloadKind): FactTable<RawWorkload, WorkloadFact> {
    return this.#workloadTables.table(kind)!;
  }

  #podsOf({ kind, namespace, name, uid }: WorkloadFact): PodFact[] {
    if (kind === 'Pod') {
      const pod = this.pods.get(`${namespace}/${name}`);
      return pod ? [pod] : [];
    }
    return this.#workloadTables
      .chainBelow(uid)
      .flatMap(owner => this.#podsByOwner.get(owner));
  }

  #projectPod(pod: RawPod): PodFact {
    const fact = this.#shareStrings(projectPod(pod));
    return fact.owner && this.#workloadTables.reads(fact.owner)
      ? fact
      : { ...fact, alone: projectBarePod(pod) };
  }

  #namespaceChanged(name: string): void {
    // Its labels may ask for a revision or tag.
    this.markControlPlanes();
    for (const workload of this.workloads()) {
      if (workload.namespace === name) {
        this.#mark(workload);
      }
    }
  }

  #serviceChanged(
    former: ServiceFact | undefined,
    next: ServiceFact | undefined,
  ): void {
    const { namespace, name } = (next ?? former)!;
    if (next) {
      this.#servicesIn.set(namespace, name, next);
    } else {
      this.#servicesIn.delete(namespace, name);
    }
    // The first list comes with thousands of them, and everything is looked at after it.
    if (this.#everything) {
      return;
    }
    for (const workload of this.workloads()) {
      if (selects(former, workload) !== selects(next, workload)) {
        this.#mark(workload);
      }
    }
  }

  #workloadChanged(
    former: WorkloadFact | undefined,
    next: WorkloadFact | undefined,
  ): void {
    // The first control plane turns every workload of the cluster into one of a mesh.
    if (Boolean(former?.istiod) !== Boolean(next?.istiod)) {
      this.markEverything();
    }
    // Which revision serves how many workloads is shown with the mesh; how many pods they have is not.
    if (!sameBesidesReplicas(former, next)) {
      this.markControlPlanes();
    }
    this.#markTop(former && this.#workloadTables.topOf(former));
    this.#markTop(next && this.#workloadTables.topOf(next));
  }

  #podChanged(former: PodFact | undefined, next: PodFact | undefined): void {
    if (former) {
      this.#podsByOwner.delete(former.owner?.uid, former.uid);
      this.#alone.delete(`${former.namespace}/${former.name}`);
      this.#markWorkloadOf(former);
    }
    if (next) {
      this.#podsByOwner.set(next.owner?.uid, next.uid, next);
      if (next.alone) {
        this.#alone.set(`${next.namespace}/${next.name}`, next.alone);
      }
      this.#markWorkloadOf(next);
    }
  }

  #markWorkloadOf({ alone, owner }: PodFact): void {
    // A controller that is not known yet marks its workload itself when it arrives.
    this.#markTop(alone ?? (owner && this.#workloadTables.topAbove(owner)));
  }

  #markTop(workload: WorkloadFact | undefined): void {
    if (workload) {
      this.#mark(workload);
    }
  }

  #mark(workload: { namespace: string; kind: string; name: string }): void {
    const key = workloadKey(workload);
    this.#workloads.add(key);
    const fact = this.workload(key);
    if (fact?.istiod || fact?.part) {
      this.#controlPlanes = true;
    }
    this.#onChange();
  }

  #shareStrings(pod: PodFact): PodFact {
    return {
      ...pod,
      namespace: this.#interner.intern(pod.namespace),
      node: this.#interner.intern(pod.node),
      image: this.#interner.intern(pod.image),
      version: this.#interner.intern(pod.version),
      revision: this.#interner.intern(pod.revision),
      meshId: this.#interner.intern(pod.meshId),
    };
  }
}

/** Services select among the pods of their own namespace. */
function selects(
  service: ServiceFact | undefined,
  { namespace, template }: WorkloadFact,
): boolean {
  return (
    service?.namespace === namespace &&
    matchesSelector({ matchLabels: service.selector }, template.labels)
  );
}

/** What a workload is told to be did not change, only how far it has come. */
function sameBesidesReplicas(
  former: WorkloadFact | undefined,
  next: WorkloadFact | undefined,
): boolean {
  return (
    former !== undefined &&
    next !== undefined &&
    isDeepStrictEqual(
      { ...former, replicas: undefined },
      { ...next, replicas: undefined },
    )
  );
}

function builtInKindOf(resource: string): WorkloadKindSpec | undefined {
  return Object.values(BUILT_IN_KINDS).find(kind => kind.resource === resource);
}
