import type { Product } from './Product';

/** A workload as the world itself knows it, without asking the product. */
export interface WorldWorkload {
  cluster: string;
  namespace: string;
  name: string;
}

/** What a scenario has to know of a world to say what the product should show. */
export interface WorldFacts {
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

/** A fleet with the product running on it. */
export interface World {
  name: string;
  facts: WorldFacts;
  product: Product;
  /** Images of the proxies of all live pods, read from the cluster itself. */
  proxyImages(workload: WorldWorkload): Promise<string[]>;
}
