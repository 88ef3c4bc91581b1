import type { WorkloadKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject } from '../../clusters/types';
import type { Changes } from './Changes';
import { FactTable } from './FactTable';
import { Interner } from './Interner';
import { projectInjectorConfig } from './projectInjectorConfig';
import type { RawConfigMap } from './projectInjectorConfig';
import { projectInjectorWebhooks } from './projectInjectorWebhooks';
import type { RawWebhookConfiguration } from './projectInjectorWebhooks';
import { projectNamespace } from './projectNamespace';
import { projectPod } from './projectPod';
import type { RawPod } from './projectPod';
import { projectReplicaSet } from './projectReplicaSet';
import { projectSailIstio } from './projectSailIstio';
import type { RawSailIstio } from './projectSailIstio';
import { projectDeployment, projectWorkload } from './projectWorkload';
import type { RawWorkload } from './projectWorkload';
import type {
  InjectorConfigFact,
  InjectorWebhooksFact,
  NamespaceFact,
  PodFact,
  ReplicaSetFact,
  SailIstioFact,
  WorkloadFact,
} from './types';
import { UidIndex } from './UidIndex';

/** What the inventory reads of a cluster. */
export type FactResource =
  | 'namespaces'
  | 'pods'
  | 'deployments'
  | 'statefulsets'
  | 'daemonsets'
  | 'replicasets'
  | 'configmaps'
  | 'mutatingwebhookconfigurations'
  | 'istios';

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
  readonly deployments: FactTable<RawWorkload, WorkloadFact>;
  readonly statefulsets: FactTable<RawWorkload, WorkloadFact>;
  readonly daemonsets: FactTable<RawWorkload, WorkloadFact>;
  readonly replicasets: FactTable<KubernetesObject, ReplicaSetFact>;
  readonly configmaps: FactTable<RawConfigMap, InjectorConfigFact>;
  readonly mutatingwebhookconfigurations: FactTable<
    RawWebhookConfiguration,
    InjectorWebhooksFact
  >;
  readonly istios: FactTable<RawSailIstio, SailIstioFact>;

  /** Resources that could never be read, and why in the server's words. */
  readonly unreadable = new Map<FactResource, string>();

  readonly #podsByOwner = new UidIndex<PodFact>();
  readonly #replicaSetsByDeployment = new UidIndex<ReplicaSetFact>();
  readonly #replicaSetsByUid = new Map<string, ReplicaSetFact>();
  readonly #interner = new Interner();
  readonly #onChange: () => void;

  #everything = true;
  #controlPlanes = true;
  #workloads = new Set<string>();

  constructor(options: { onChange: () => void }) {
    this.#onChange = options.onChange;
    const everything = () => this.markEverything();
    const workloadChanged = (former?: WorkloadFact, next?: WorkloadFact) =>
      this.#workloadChanged(former, next);

    this.namespaces = new FactTable({
      project: projectNamespace,
      changed: (former, next) => this.#namespaceChanged((next ?? former)!.name),
    });
    this.pods = new FactTable({
      project: pod => this.#shareStrings(projectPod(pod)),
      changed: (former, next) => this.#podChanged(former, next),
    });
    this.deployments = new FactTable({
      project: projectDeployment,
      changed: workloadChanged,
    });
    this.statefulsets = new FactTable({
      project: projectWorkload('StatefulSet'),
      changed: workloadChanged,
    });
    this.daemonsets = new FactTable({
      project: projectWorkload('DaemonSet'),
      changed: workloadChanged,
    });
    this.replicasets = new FactTable({
      project: projectReplicaSet,
      changed: (former, next) => this.#replicaSetChanged(former, next),
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
  }

  workload(key: string): WorkloadFact | undefined {
    const [namespace, kind, name] = key.split('/');
    return this.#tableOf(kind as WorkloadKind).get(`${namespace}/${name}`);
  }

  *workloads(): Generator<WorkloadFact> {
    yield* this.deployments.values();
    yield* this.statefulsets.values();
    yield* this.daemonsets.values();
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
    const owners =
      workload.kind === 'Deployment'
        ? this.#replicaSetsByDeployment.get(workload.uid).map(({ uid }) => uid)
        : [workload.uid];
    return owners
      .flatMap(uid => this.#podsByOwner.get(uid))
      .filter(pod => pod.live)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
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

  #tableOf(kind: WorkloadKind): FactTable<RawWorkload, WorkloadFact> {
    switch (kind) {
      case 'StatefulSet':
        return this.statefulsets;
      case 'DaemonSet':
        return this.daemonsets;
      default:
        return this.deployments;
    }
  }

  #namespaceChanged(name: string): void {
    for (const workload of this.workloads()) {
      if (workload.namespace === name) {
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
    this.#mark((next ?? former)!);
  }

  #replicaSetChanged(
    former: ReplicaSetFact | undefined,
    next: ReplicaSetFact | undefined,
  ): void {
    if (former) {
      this.#replicaSetsByUid.delete(former.uid);
      this.#replicaSetsByDeployment.delete(former.deployment?.uid, former.uid);
      this.#markDeploymentOf(former);
    }
    if (next) {
      this.#replicaSetsByUid.set(next.uid, next);
      this.#replicaSetsByDeployment.set(next.deployment?.uid, next.uid, next);
      this.#markDeploymentOf(next);
    }
  }

  #podChanged(former: PodFact | undefined, next: PodFact | undefined): void {
    if (former) {
      this.#podsByOwner.delete(former.owner?.uid, former.uid);
      this.#markOwnerOf(former);
    }
    if (next) {
      this.#podsByOwner.set(next.owner?.uid, next.uid, next);
      this.#markOwnerOf(next);
    }
  }

  #markOwnerOf({ owner, namespace }: PodFact): void {
    if (owner?.kind === 'StatefulSet' || owner?.kind === 'DaemonSet') {
      this.#mark({ namespace, kind: owner.kind, name: owner.name });
    } else if (owner) {
      // An unknown ReplicaSet marks its Deployment itself when it arrives.
      this.#markDeploymentOf(this.#replicaSetsByUid.get(owner.uid));
    }
  }

  #markDeploymentOf(replicaSet: ReplicaSetFact | undefined): void {
    if (replicaSet?.deployment) {
      const { namespace, deployment } = replicaSet;
      this.#mark({ namespace, kind: 'Deployment', name: deployment.name });
    }
  }

  #mark(workload: {
    namespace: string;
    kind: WorkloadKind;
    name: string;
  }): void {
    const key = workloadKey(workload);
    this.#workloads.add(key);
    if (this.workload(key)?.istiod) {
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
    };
  }
}
