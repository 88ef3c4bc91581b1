export { createVersionCatalog } from './createVersionCatalog';
export type { KnownTags, VersionCatalog } from './types';
