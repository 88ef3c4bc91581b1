import type {
  V1PodDisruptionBudgetSpec,
  V1PodDisruptionBudgetStatus,
} from '@kubernetes/client-node';
import {
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { matchesSelector } from '../../kubernetes/labelSelector';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { POD_DISRUPTION_BUDGETS } from '../resources';
import { restartCheck } from './restartCheck';
import { rolloutShape } from './rolloutShape';
import { workloadName } from './workloadName';

type DisruptionBudget = KubernetesObject & {
  spec?: V1PodDisruptionBudgetSpec;
  status?: Partial<V1PodDisruptionBudgetStatus>;
};

/** Budgets hold evictions back, not rolling updates: people who count on theirs have to know. */
export function disruptionBudget(): SidecarCheck {
  return restartCheck({
    id: 'disruption-budget',
    title: 'Disruption budgets',
    worst: 'warning',
    async decide({ workload, object, list }) {
      const labels = templateOf(object).metadata?.labels ?? {};
      const budgets = (
        await list<DisruptionBudget>(POD_DISRUPTION_BUDGETS)
      ).filter(
        ({ metadata, spec }) =>
          metadata.namespace === workload.namespace &&
          spec?.selector !== undefined &&
          matchesSelector(spec.selector, labels),
      );
      const { unavailable } = rolloutShape(workload.kind, object);
      return judgeBudgets(workloadName(workload), budgets, unavailable);
    },
  });
}

function judgeBudgets(
  object: string,
  budgets: DisruptionBudget[],
  unavailable: number,
): Finding[] {
  const names = budgets.map(({ metadata }) => metadata.name);
  const objects = budgets.map(({ metadata: { namespace, name } }) => ({
    kind: 'PodDisruptionBudget',
    namespace,
    name,
  }));
  const expected = 'Budgets that the restart keeps to by itself';
  const findings: Finding[] = [];
  if (budgets.length > 1) {
    findings.push(
      warning({
        title: 'Several disruption budgets select its pods',
        object,
        observed: names.join(', '),
        expected: 'At most one: the API server evicts no pod of several',
        objects,
        remedy: 'Leave one budget per pod.',
      }),
    );
  }
  const strict = budgets.filter(
    ({ status }) => (status?.disruptionsAllowed ?? 0) < unavailable,
  );
  if (strict.length > 0) {
    findings.push(
      warning({
        title: 'A disruption budget does not hold a rolling update back',
        object,
        observed: `${unavailable} pods may be missing while it rolls; ${strict
          .map(
            ({ metadata, status }) =>
              `${metadata.name} allows ${status?.disruptionsAllowed ?? 0}`,
          )
          .join(', ')}`,
        expected,
        objects,
        remedy:
          'Set maxUnavailable of the strategy to what the budget allows, e.g. 0 with maxSurge 1.',
      }),
    );
  }
  return findings.length > 0
    ? findings
    : [
        passed({
          title: 'The restart keeps to the disruption budgets',
          object,
          observed: names.join(', ') || 'No budget selects its pods',
          expected,
        }),
      ];
}
