import type {
  CheckedObject,
  WorkloadPage,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { Inventory } from '../../inventory/types';
import { analysisLink } from '../configuration/analysisLink';
import { checkedObject, count } from '../configuration/objects';
import type { MeshCheck } from '../types';

const MOST_NAMED = 50;

/** Workloads of a cluster: the first of them, and how many there are. */
export type Some = Pick<WorkloadPage, 'total'> & {
  items: Pick<WorkloadPage['items'][number], 'kind' | 'namespace' | 'name'>[];
};

interface World {
  cluster: string;
  /** Workloads whose pods are not injected as new ones would be. */
  otherInjection: Some;
  /** Workloads whose proxies are older than those of new pods. */
  outdated: Some;
}

/** Workloads that were not restarted after an earlier change: the upgrade adds to what their next restart brings. */
export function pendingRestart(options: {
  inventory: Pick<Inventory, 'workloads'>;
}): MeshCheck {
  return {
    id: 'pending-restart',
    title: 'Restarts that are due',
    worst: 'warning',
    scope: 'cluster',
    async run({ cluster: { cluster }, mesh }) {
      const ofCluster = {
        mesh: [mesh.id],
        cluster: [cluster],
        limit: MOST_NAMED,
      };
      const [otherInjection, outdated] = await Promise.all([
        options.inventory.workloads({
          ...ofCluster,
          status: ['pendingRestart'],
        }),
        options.inventory.workloads({ ...ofCluster, outdated: true }),
      ]);
      return judgeRestarts({ cluster, otherInjection, outdated });
    },
  };
}

/** Judges by the workloads that a restart would change. */
export function judgeRestarts(world: World): Finding[] {
  const { cluster, otherInjection, outdated } = world;
  const says = {
    object: `workloads on ${cluster}`,
    expected: 'Pods as a restart would make them',
  };
  const findings = [
    ...(otherInjection.total > 0
      ? [
          all(
            otherInjection,
            warning({
              ...says,
              title: `Pods of ${count(
                otherInjection.total,
                'workload',
              )} on ${cluster} are not injected as new ones would be`,
              observed:
                'Pods without a sidecar they should have, with one they should not, or of another revision',
              remedy:
                'Restart them, or correct their labels, before the upgrade: their next restart changes more than the version.',
              objects: otherInjection.items.map(named),
              link: analysisLink('IST0103'),
            }),
          ),
        ]
      : []),
    ...(outdated.total > 0
      ? [
          all(
            outdated,
            info({
              ...says,
              title: `Proxies of ${count(
                outdated.total,
                'workload',
              )} on ${cluster} are older than the control plane gives out`,
              observed: 'Proxies of an earlier version',
              remedy:
                'Nothing before the upgrade, as long as they stay within the supported skew; restart them afterwards.',
              objects: outdated.items.map(named),
              link: analysisLink('IST0158'),
            }),
          ),
        ]
      : []),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          ...says,
          title: `Every pod on ${cluster} is as a restart would make it`,
          observed: 'No restart is due',
        }),
      ];
}

/** The page names the first, the total counts all. */
function all({ total }: Some, finding: Finding): Finding {
  return { ...finding, objectsTotal: total };
}

function named({
  kind,
  namespace,
  name,
}: Some['items'][number]): CheckedObject {
  return checkedObject(kind, { metadata: { namespace, name } });
}
