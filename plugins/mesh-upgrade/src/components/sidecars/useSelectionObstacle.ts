import {
  workloadUpgradePermission,
  type WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { useDeniedWorkloads } from './useDeniedWorkloads';
import { summarise } from './workloadWords';

/** Why these workloads cannot be upgraded by this reader; undefined when they can. */
export function useSelectionObstacle(
  selected: WorkloadView[],
): string | undefined {
  const t = useMessages();
  const denied = useDeniedWorkloads(selected);
  if (selected.length === 0) {
    return t('selection.empty');
  }
  const { impossible } = summarise(selected);
  if (impossible.length === selected.length) {
    return selected.length === 1
      ? selected[0].method.blockers.join(' ') || t('selection.impossible')
      : t('selection.impossible');
  }
  if (denied.length > 0) {
    return t('selection.denied', {
      count: denied.length,
      permission: workloadUpgradePermission.name,
      owners: [...new Set(denied.flatMap(({ owners }) => owners))].join(', '),
    });
  }
  return undefined;
}
