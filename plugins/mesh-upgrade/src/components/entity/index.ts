export { meshEntityFilter, sidecarEntityFilter } from './entityFilters';
export { EntityMeshCard } from './EntityMeshCard';
export { EntitySidecarsCard } from './EntitySidecarsCard';
export { EntitySidecarsContent } from './EntitySidecarsContent';
export { isMeshUpgradeAvailable } from './isMeshUpgradeAvailable';
