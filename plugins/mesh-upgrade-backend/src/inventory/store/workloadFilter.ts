import type { Knex } from 'knex';
import type { WorkloadQuery } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { WorkloadVisibility } from '../types';
import { versionMark } from './rows';
import type { IndexedWorkload } from './WorkloadIndex';

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
  if (query.version && query.version.length > 0) {
    const versions = query.version;
    builder.where(any =>
      versions.forEach(version =>
        any.orWhereRaw(`versions like ? escape '\\'`, [
          `%${escapeLike(versionMark(version))}%`,
        ]),
      ),
    );
  }
  if (query.outdated !== undefined) {
    builder.where('outdated', query.outdated ? 1 : 0);
  }
  if (query.owner !== undefined) {
    whereOwnedBy(builder, [lowerCase(query.owner)]);
  }
  if (visibility) {
    whereOwnedBy(builder, visibility.owners);
  }
  for (const word of wordsOf(query)) {
    builder.whereRaw(`search_text like ? escape '\\'`, [
      `%${escapeLike(word)}%`,
    ]);
  }
}

/** Whether text or owners restrict what is found, for which no column has an order. */
export function isSearch(
  query: WorkloadQuery,
  visibility: WorkloadVisibility | undefined,
): boolean {
  return (
    visibility !== undefined ||
    query.owner !== undefined ||
    wordsOf(query).length > 0
  );
}

/** The same rule for text and owners, for workloads in memory. */
export function workloadSearch(
  query: Pick<WorkloadQuery, 'text' | 'owner'>,
  visibility: WorkloadVisibility | undefined,
): (workload: IndexedWorkload) => boolean {
  const words = wordsOf(query);
  const owner = query.owner === undefined ? undefined : lowerCase(query.owner);
  const visible = visibility && new Set(visibility.owners);
  return ({ searchText, owners }) =>
    words.every(word => searchText.includes(word)) &&
    (owner === undefined || owners.includes(owner)) &&
    (visible === undefined || owners.some(one => visible.has(one)));
}

function wordsOf({ text }: Pick<WorkloadQuery, 'text'>): string[] {
  return text?.split(/\s+/).filter(Boolean).map(lowerCase) ?? [];
}

function lowerCase(text: string): string {
  return text.toLocaleLowerCase('en-US');
}

function whereOwnedBy(builder: Knex.QueryBuilder, owners: string[]): void {
  builder.whereIn('id', owned =>
    owned
      .select('workload_id')
      .from('workload_owners')
      .whereIn('owner', owners),
  );
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
