import type {
  OperatorVersions,
  SupportMatrix,
  VersionSourceView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh } from '../inventory/types';

/** What of a mesh tells where its versions come from. */
export type VersionedMesh = Pick<InventoriedMesh, 'id' | 'hubs' | 'clusters'>;

/** Versions known for a mesh, from the last good answers of its sources. */
export interface KnownTags {
  tags: string[];
  sources: VersionSourceView[];
  /** Names of the sources that hold a tag. */
  sourcesOf(tag: string): string[];
  /** Present where an operator installs the control planes and told what it installs. */
  operators?: OperatorVersions[];
}

/** An image that a version consists of. */
export type ImageComponent = 'pilot' | 'proxyv2' | 'install-cni' | 'ztunnel';

/** Whether the image of one component is in its registry. */
export interface ImageAnswer {
  component: ImageComponent;
  /** e.g. `registry.istio.io/release/pilot:1.30.3`. */
  image: string;
  /** `unknown`: the registry did not say. */
  state: 'present' | 'absent' | 'unknown';
  /** e.g. `linux/amd64`, sorted; empty unless present. */
  platforms: string[];
  /** Of the image's configuration, read of `proxyv2` only. */
  labels: Record<string, string>;
  digest?: string;
  /** The repository that was asked: the image's own or a mirror's. */
  source: string;
  /** In the registry's own words; absent when present. */
  reason?: string;
}

export interface ImageQuestion {
  components: readonly ImageComponent[];
  signal?: AbortSignal;
}

export interface VersionCatalog {
  /** What Kubernetes and how long each version supports, with the configured overrides. */
  readonly matrix: SupportMatrix;
  /** Answers from what is kept; a source never asked before is asked now. */
  tagsFor(mesh: VersionedMesh): Promise<KnownTags>;
  /** The same without waiting: a source never asked before is asked in the background. */
  knownTags(mesh: VersionedMesh): Promise<KnownTags>;
  /** Asks the sources of every mesh that were never asked or not for long, except those that asked to be left alone. */
  refresh(options: { signal?: AbortSignal }): Promise<void>;
  /**
   * Asks the registry now, one answer per component and image hub of the mesh.
   * It proves nothing about the nodes, whose network and mirrors are their own.
   */
  images(
    mesh: VersionedMesh,
    version: string,
    question: ImageQuestion,
  ): Promise<ImageAnswer[]>;
}
