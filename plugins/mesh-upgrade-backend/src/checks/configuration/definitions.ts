import type { CustomResourceDefinition } from './resources';

/** Versions in which the API server serves the objects of a definition. */
export function servedVersions({ spec }: CustomResourceDefinition): string[] {
  return spec.versions.filter(({ served }) => served).map(({ name }) => name);
}
