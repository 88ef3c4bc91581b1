import assert from 'node:assert/strict';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { agree, tableBy, type Table } from '../agree';
import { expectWorkloads } from '../reader/expectWorkloads';
import { takeSnapshot } from '../reader/Snapshot';
import { shownWorkloads, type Filter } from '../shown';

/** Every workload and every pod, field by field. */
export const workloadSteps: Step<object>[] = [
  {
    name: 'every workload and pod is as the API servers and injectors tell',
    async run(world) {
      const seen = await workloadsAgree(world);
      assert(seen.size > 0, 'there is nothing to compare');
    },
  },
];

/**
 * Compares the workloads of all clusters, or of the one that is named, once
 * the clusters themselves are as `isSo` wants.
 */
export function workloadsAgree(
  { product, clusters }: World,
  only?: string,
  isSo?: (table: Table) => boolean,
): Promise<Table> {
  const filter: Filter = only ? [['cluster', only]] : [];
  return agree(
    `workloads${only ? ` of ${only}` : ''}`,
    async () => {
      const expected = await Promise.all(
        clusters
          .filter(({ name }) => only === undefined || name === only)
          .map(async cluster =>
            expectWorkloads(cluster, await takeSnapshot(cluster)),
          ),
      );
      return tableBy(
        expected.flat().map(({ labels: _, ...workload }) => workload),
        ({ id }) => id,
      );
    },
    async () => tableBy(await shownWorkloads(product, filter), ({ id }) => id),
    isSo,
  );
}
