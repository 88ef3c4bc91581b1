export { OciRegistryClient } from './OciRegistryClient';
export { readVersionsConfig, type VersionsConfig } from './readVersionsConfig';
export { RegistryVersionCatalog } from './RegistryVersionCatalog';
export type { KnownTags, VersionCatalog } from './types';
