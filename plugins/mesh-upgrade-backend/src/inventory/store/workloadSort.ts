import type { Knex } from 'knex';
import { InputError } from '@backstage/errors';
import type {
  WorkloadSort,
  WorkloadSortKey,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { WorkloadRow } from './rows';

type SortColumn = keyof WorkloadRow & string;

/** Every order ends in the id, which makes it total; each has an index of its own. */
const COLUMNS: Record<WorkloadSortKey, SortColumn[]> = {
  outdated: ['settled', 'namespace', 'name', 'id'],
  name: ['name', 'id'],
  namespace: ['namespace', 'name', 'id'],
  cluster: ['cluster', 'namespace', 'name', 'id'],
  version: ['version_key', 'namespace', 'name', 'id'],
  pods: ['pods_total', 'namespace', 'name', 'id'],
};

export const DEFAULT_SORT: WorkloadSort = 'outdated';

/** Columns of an order and their common direction: one row comparison continues any page. */
export interface WorkloadOrder {
  sort: WorkloadSort;
  columns: SortColumn[];
  descending: boolean;
}

/** @throws InputError for an order that does not exist. */
export function workloadOrder(sort: WorkloadSort): WorkloadOrder {
  const descending = sort.startsWith('-');
  const key = descending ? sort.slice(1) : sort;
  if (!Object.hasOwn(COLUMNS, key)) {
    throw new InputError(
      `'${sort}' is no order of workloads; there are ${Object.keys(
        COLUMNS,
      ).join(', ')}, each with a dash for its reverse`,
    );
  }
  return { sort, columns: COLUMNS[key as WorkloadSortKey], descending };
}

export function applyWorkloadOrder(
  builder: Knex.QueryBuilder,
  { columns, descending }: WorkloadOrder,
): void {
  builder.orderBy(
    columns.map(column => ({ column, order: descending ? 'desc' : 'asc' })),
  );
}

/** Continues behind the row with these values in the columns of the order. */
export function applyWorkloadPosition(
  builder: Knex.QueryBuilder,
  { columns, descending }: WorkloadOrder,
  position: (string | number)[],
): void {
  const names = columns.map(() => '??').join(', ');
  const values = columns.map(() => '?').join(', ');
  builder.whereRaw(`(${names}) ${descending ? '<' : '>'} (${values})`, [
    ...columns,
    ...position,
  ]);
}
