import { staleConfiguration } from './staleConfiguration';
import { staleParts } from './staleParts';
import { staleSailObjects } from './staleSailObjects';
import { staleWebhooks } from './staleWebhooks';
import { supersededRevisions } from './supersededRevisions';
import type { Candidate, ClusterWorld } from './types';

/**
 * What earlier revisions of Istio left in a cluster, with who still uses it;
 * an object that several rules name is told once. Of a cluster without an
 * istiod nothing is said: its control plane is elsewhere.
 */
export function findLeftovers(world: ClusterWorld): Candidate[] {
  if (world.istiods.length === 0) {
    return [];
  }
  const found = new Map<object, Candidate>();
  for (const candidate of [
    ...staleWebhooks(world),
    ...staleParts(world),
    ...staleConfiguration(world),
    ...staleSailObjects(world),
    ...supersededRevisions(world),
  ]) {
    if (!found.has(candidate.object)) {
      found.set(candidate.object, candidate);
    }
  }
  return [...found.values()];
}
