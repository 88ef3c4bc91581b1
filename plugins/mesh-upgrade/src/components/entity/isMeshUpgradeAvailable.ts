import type { Entity } from '@backstage/catalog-model';
import { filterPredicateToFilterFunction } from '@backstage/filter-predicates';
import { meshEntityFilter, sidecarEntityFilter } from './entityFilters';

const matches = filterPredicateToFilterFunction({
  $any: [sidecarEntityFilter, meshEntityFilter],
});

/** True for entities that have something to show here: a mesh, or workloads of their own. @public */
export function isMeshUpgradeAvailable(entity: Entity): boolean {
  return matches(entity);
}
