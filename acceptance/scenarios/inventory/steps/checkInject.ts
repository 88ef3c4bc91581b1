import assert from 'node:assert/strict';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterTools } from '../../../ClusterAccess';
import type { Step } from '../../../Scenario';
import { allWorkloads } from '../shown';

/** More would only wait for each other. */
const AT_ONCE = 4;

/** Istio's own judgement of who is injected, by whom. */
export const checkInjectSteps: Step<object>[] = [
  {
    name: 'istioctl check-inject names the same revision for every Deployment',
    on: ({ clusters }) => clusters.every(({ tools }) => tools !== undefined),
    async run({ product, clusters }) {
      const { items } = await allWorkloads(product, [['kind', 'Deployment']]);
      // It looks at the labels of a pod: what injectors decline for other reasons it does not know.
      const judged = items.filter(
        ({ status, pods }) => status !== 'excluded' && pods.total > 0,
      );
      assert(judged.length > 0, 'there are no Deployments');
      for (let start = 0; start < judged.length; start += AT_ONCE) {
        await Promise.all(
          judged.slice(start, start + AT_ONCE).map(async workload => {
            const { tools } = clusters.find(
              ({ name }) => name === workload.cluster,
            )!;
            assert.equal(
              await revisionByIstioctl(tools!, workload),
              workload.revision,
              workload.id,
            );
          }),
        );
      }
    },
  },
];

/** The revision in the row of the table that is ticked; the tick is always in colour. */
async function revisionByIstioctl(
  { istioctl }: ClusterTools,
  { namespace, name }: WorkloadView,
): Promise<string | undefined> {
  const table = await istioctl(
    ...['experimental', 'check-inject', '--namespace', namespace],
    `deployment/${name}`,
  );
  return table
    .split('\n')
    .map(line => line.split(/\s+/))
    .find(([, , injected]) => injected?.includes('✔'))?.[1];
}
