import type { Knex } from 'knex';
import type { WorkloadQuery } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { WorkloadVisibility } from '../types';
import type { WorkloadPosition } from './cursor';

/** Restricts a query on `workloads` to what is asked for and may be seen. */
export function applyWorkloadFilter(
  builder: Knex.QueryBuilder,
  query: WorkloadQuery,
  visibility: WorkloadVisibility | undefined,
): void {
  const columns = {
    mesh_id: query.mesh,
    cluster: query.cluster,
    namespace: query.namespace,
    kind: query.kind,
    status: query.status,
  };
  for (const [column, values] of Object.entries(columns)) {
    if (values && values.length > 0) {
      builder.whereIn(column, values);
    }
  }
  if (query.outdated !== undefined) {
    builder.where('outdated', query.outdated ? 1 : 0);
  }
  if (query.owner !== undefined) {
    whereOwnedBy(builder, [query.owner.toLocaleLowerCase('en-US')]);
  }
  if (visibility) {
    whereOwnedBy(builder, visibility.owners);
  }
  for (const word of query.text?.split(/\s+/).filter(Boolean) ?? []) {
    builder.whereRaw(`lower(id) like ? escape '\\'`, [
      `%${word.toLocaleLowerCase('en-US').replace(/[\\%_]/g, '\\$&')}%`,
    ]);
  }
}

/** Outdated workloads first; the id makes the order total. */
export function applyWorkloadOrder(builder: Knex.QueryBuilder): void {
  builder.orderBy([
    { column: 'outdated', order: 'desc' },
    { column: 'namespace' },
    { column: 'name' },
    { column: 'id' },
  ]);
}

/** Continues behind a row, in the order above. */
export function applyWorkloadPosition(
  builder: Knex.QueryBuilder,
  { outdated, namespace, name, id }: WorkloadPosition,
): void {
  builder.where(after =>
    after
      .where('outdated', '<', outdated)
      .orWhere(sameOutdated =>
        sameOutdated
          .where({ outdated })
          .andWhere(following =>
            following
              .where('namespace', '>', namespace)
              .orWhere(sameNamespace =>
                sameNamespace
                  .where({ namespace })
                  .andWhere(rest =>
                    rest
                      .where('name', '>', name)
                      .orWhere(sameName =>
                        sameName.where({ name }).andWhere('id', '>', id),
                      ),
                  ),
              ),
          ),
      ),
  );
}

function whereOwnedBy(builder: Knex.QueryBuilder, owners: string[]): void {
  builder.whereIn('id', owned =>
    owned
      .select('workload_id')
      .from('workload_owners')
      .whereIn('owner', owners),
  );
}
