export { meshEntityFilter, sidecarEntityFilter } from './entityFilters';
export { EntityMeshCard } from './EntityMeshCard';
export { EntityMeshContent } from './EntityMeshContent';
export { EntityMeshIconLink } from './EntityMeshIconLink';
export { EntitySidecarsCard } from './EntitySidecarsCard';
export { EntitySidecarsContent } from './EntitySidecarsContent';
export { useEntityMeshIconLink } from './useEntityMeshIconLink';
export { isMeshUpgradeAvailable } from './isMeshUpgradeAvailable';
