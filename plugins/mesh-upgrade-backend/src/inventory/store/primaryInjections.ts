import type { Knex } from 'knex';
import type { PrimaryFact } from '../facts/types';
import type { MeshParts } from '../rules/meshParts';

/** What the istiods of other clusters inject, as was stored of them, by whichever replica. */
export async function primaryInjections(
  knex: Knex,
  options: { cluster: string; meshIds: string[] },
): Promise<PrimaryFact[]> {
  const views: string[] = await knex('mesh_parts')
    .whereIn('mesh_id', options.meshIds)
    .whereNot('cluster', options.cluster)
    .orderBy(['mesh_id', 'cluster'])
    .pluck('view');
  return views
    .map((view): MeshParts => JSON.parse(view))
    .flatMap(({ meshId, cluster, revisions }) =>
      revisions
        // A remote cluster only repeats what its primary told.
        .filter(({ controlPlane }) => controlPlane !== undefined)
        .map(({ revision, injects }) => ({
          meshId,
          cluster,
          revision,
          injects,
        })),
    );
}
