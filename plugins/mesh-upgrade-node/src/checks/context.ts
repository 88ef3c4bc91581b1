import type {
  MeshClusterView,
  MeshView,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  AccessQuestion,
  KubernetesObject,
  ObjectRef,
  ResourceType,
} from '../kubernetes';

/** A mesh as the clusters show it. @public */
export type CheckedMesh = Omit<MeshView, 'upgrade' | 'support' | 'activeRun'>;

/** What a check may ask of a cluster; rejections tell the server's own words. @public */
export interface CheckClient {
  readonly cluster: string;
  /** False when the API server does not serve the resource at all. */
  serves(
    resource: ResourceType,
    options?: { signal?: AbortSignal },
  ): Promise<boolean>;
  get<T extends KubernetesObject>(
    ref: ObjectRef,
    options?: { signal?: AbortSignal },
  ): Promise<T>;
  accessReview(
    question: AccessQuestion,
    options?: { signal?: AbortSignal },
  ): Promise<{ allowed: boolean; reason?: string }>;
}

/** Reads one cluster as it is now; never what is remembered of it. @public */
export interface ClusterReads {
  client: CheckClient;
  /**
   * All objects of a small kind. Asked once per report and shared by its
   * checks, so the objects must not be changed. Empty when the API server does
   * not serve the kind. Rejects when all pods of a cluster or namespace are
   * asked for: there may be a hundred thousand, and the inventory counts them.
   */
  list<T extends KubernetesObject>(
    resource: ResourceType,
    options?: { namespace?: string; labelSelector?: string },
  ): Promise<T[]>;
  /** e.g. `v1.34.2`; asked once per report. */
  kubernetesVersion(): Promise<string>;
}

/** @public */
export interface CheckContext {
  /**
   * Asks once per report what several checks, clusters or workloads share. The
   * question is a name unique to what is asked; the signal is the report's.
   */
  once<T>(
    question: string,
    ask: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** Raised when the time of this check is over. */
  signal: AbortSignal;
}

/** What a check about a mesh is about. @public */
export interface MeshCheckSubject {
  mesh: CheckedMesh;
  targetVersion: string;
  /** Lowest version of the control planes; absent when none is readable. */
  currentVersion?: string;
}

/** @public */
export interface MeshCheckContext extends MeshCheckSubject, CheckContext {
  /** Every cluster of the mesh, those that only hold a control plane included. */
  clusters: MeshClusterView[];
  /** @throws Error when the cluster cannot be asked with its configuration */
  at(cluster: string): ClusterReads;
}

/** What a check about one cluster of a mesh is about. @public */
export interface ClusterCheckSubject extends MeshCheckSubject {
  /** Its control planes are those that run in it. */
  cluster: MeshClusterView;
}

/** @public */
export interface ClusterCheckContext extends MeshCheckContext, ClusterReads {
  /** Its control planes are those that run in it. */
  cluster: MeshClusterView;
}

/** @public */
export interface SidecarCheckContext extends CheckContext, ClusterReads {
  workload: WorkloadDetail;
}
