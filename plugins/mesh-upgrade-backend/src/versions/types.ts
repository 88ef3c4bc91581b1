import type { VersionSourceView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Tags known for a mesh, from the last good answers of its sources. */
export interface KnownTags {
  tags: string[];
  sources: VersionSourceView[];
}

export interface VersionCatalog {
  /** Answers from what is cached; a source never asked before is asked now. */
  tagsFor(mesh: { id: string; hubs: string[] }): Promise<KnownTags>;
  /** Asks every known source again. */
  refresh(options: { signal?: AbortSignal }): Promise<void>;
}
