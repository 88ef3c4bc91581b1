import type { ClusterAccess } from './ClusterAccess';
import type { Product } from './Product';

/** A workload as the world itself knows it, without asking the product. */
export interface WorldWorkload {
  cluster: string;
  namespace: string;
  name: string;
}

/** A fleet with the product running on it. */
export interface World {
  name: string;
  product: Product;
  clusters: ClusterAccess[];
  /** A file of catalog entities that a scenario may write; empty at first. */
  catalogFile: string;
  /** The API server of a cluster is gone, from one moment to the next. */
  cut(cluster: string): Promise<void>;
  /** It is there again, with all it knew. */
  mend(cluster: string): Promise<void>;
  /** Faults that only a simulated fleet can have; absent on a real one. */
  faults?: Faults;
  /** Absent where nothing happens past the clusters. */
  elsewhere?: Elsewhere;
}

/** What people do past the clusters. */
export interface Elsewhere {
  /** Commits a merge patch of a manifest, named as plans name objects, to the Git repository of a cluster. */
  commit(cluster: string, object: string, patch: object): Promise<void>;
  /** Whoever runs the istiod outside of a cluster upgrades it; on a simulated fleet. */
  upgradeExternalIstiod?(cluster: string, version: string): Promise<void>;
}

/** Turns the knobs of the lab. */
export interface Faults {
  /** Replaces the faults of one cluster. */
  set(cluster: string, knobs: object): Promise<void>;
  /** Everything works again. */
  clear(): Promise<void>;
}

/** What has to be known of a world to say how an upgrade goes on it. */
export interface UpgradeFacts {
  /** Every cluster; all can be read. */
  clusters: string[];
  /** The mesh that is upgraded. */
  mesh: {
    id: string;
    clusters: string[];
    version: string;
    target: string;
    olderVersion: string;
    otherFamilyVersion: string;
  };
  /** A mesh one of whose clusters runs too old a Kubernetes for the target. */
  tooLow: { meshId: string; cluster: string; target: string };
  /** Components with workloads in the mesh: of `finn`'s team, and of another. */
  ownComponent: string;
  otherComponent: string;
}

/** A world with a mesh to upgrade. */
export interface UpgradeWorld extends World {
  facts: UpgradeFacts;
  /** Images of the proxies of all live pods, read from the cluster itself. */
  proxyImages(workload: WorldWorkload): Promise<string[]>;
}
