import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type {
  V1DeploymentStrategy,
  V1PodDisruptionBudgetSpec,
  V1PodDisruptionBudgetStatus,
  V2HorizontalPodAutoscalerSpec,
  V2HorizontalPodAutoscalerStatus,
} from '@kubernetes/client-node';
import type { KubernetesObject } from '../../clusters/types';
import { matchesSelector } from '../../kubernetes/labelSelector';
import type { Deployment } from '../../kubernetes/types';
import { checkedObject } from '../configuration/objects';
import { istiodName, istiodOf } from '../istiod';
import { POD_AUTOSCALERS, POD_DISRUPTION_BUDGETS } from '../resources';
import type { PerClusterCheck } from '../types';

export type RollingDeployment = Deployment & {
  spec: { strategy?: V1DeploymentStrategy };
};

export type Budget = KubernetesObject & {
  spec?: V1PodDisruptionBudgetSpec;
  status?: Partial<V1PodDisruptionBudgetStatus>;
};

export type Autoscaler = KubernetesObject & {
  spec?: Partial<V2HorizontalPodAutoscalerSpec>;
  status?: Partial<V2HorizontalPodAutoscalerStatus>;
};

/** Whether istiod goes on answering while its pods are replaced. */
export function controlPlaneAvailability(): PerClusterCheck {
  return {
    id: 'control-plane-availability',
    title: 'Control plane stays available',
    worst: 'consent',
    scope: 'cluster',
    applies: ({ cluster }) => cluster.controlPlanes.length > 0,
    async run(context) {
      const inOwnNamespace = ({ namespace }: ControlPlaneView) =>
        Promise.all([
          context.list<Budget>(POD_DISRUPTION_BUDGETS, { namespace }),
          context.list<Autoscaler>(POD_AUTOSCALERS, { namespace }),
        ]);
      const findings = await Promise.all(
        context.cluster.controlPlanes.map(async controlPlane => {
          const [deployment, [budgets, autoscalers]] = await Promise.all([
            istiodOf<RollingDeployment>(controlPlane, context),
            inOwnNamespace(controlPlane),
          ]);
          return judgeAvailability({
            object: istiodName(controlPlane),
            deployment,
            budgets,
            autoscalers,
          });
        }),
      );
      return findings.flat();
    },
  };
}

/** Judges by istiod's Deployment and what of its namespace is about it. */
export function judgeAvailability(world: {
  object: string;
  deployment: RollingDeployment;
  budgets: Budget[];
  autoscalers: Autoscaler[];
}): Finding[] {
  const { object, deployment } = world;
  const { spec, metadata } = deployment;
  const labels = spec.template.metadata?.labels ?? {};
  const budgets = world.budgets.filter(
    each => each.spec?.selector && matchesSelector(each.spec.selector, labels),
  );
  const autoscaler = world.autoscalers.find(
    each =>
      each.spec?.scaleTargetRef?.kind === 'Deployment' &&
      each.spec.scaleTargetRef.name === metadata.name,
  );
  const findings = [
    ...replicas(object, deployment, autoscaler),
    ...disruption(object, deployment, budgets),
    ...(autoscaler ? scaling(autoscaler) : []),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          title: `${object} stays available while its pods are replaced`,
          object,
          observed: `${
            spec.replicas ?? 1
          } replicas, replaced one after the other`,
          expected: 'Several replicas, replaced one after the other',
        }),
      ];
}

function replicas(
  object: string,
  { spec }: RollingDeployment,
  autoscaler: Autoscaler | undefined,
): Finding[] {
  const wanted = spec.replicas ?? 1;
  const { type, rollingUpdate } = spec.strategy ?? {};
  const expected = 'Several replicas, replaced one after the other';
  if (
    type === 'Recreate' ||
    (wanted > 0 && share(rollingUpdate?.maxUnavailable ?? 0, wanted) >= wanted)
  ) {
    const observed =
      type === 'Recreate'
        ? 'strategy Recreate'
        : `maxUnavailable ${rollingUpdate?.maxUnavailable}`;
    return [
      consent({
        title: `${object} is down while it is upgraded: its pods go before new ones have come`,
        object,
        observed,
        expected,
        remedy:
          'Give istiod the strategy RollingUpdate that keeps a pod, then Recheck; or upgrade when no pods are created and no configuration changes.',
      }),
    ];
  }
  const atLeast = autoscaler?.spec?.minReplicas ?? wanted;
  return wanted > 1
    ? []
    : [
        warning({
          title: `${object} has a single replica: a new pod that fails leaves none to spare`,
          object,
          observed: autoscaler
            ? `1 replica, at least ${atLeast} by its autoscaler`
            : '1 replica',
          expected,
          remedy:
            'Run at least two replicas (pilot.autoscaleMin or pilot.replicaCount), as Istio asks for upgrades in place.',
        }),
      ];
}

function disruption(
  object: string,
  { spec }: RollingDeployment,
  budgets: Budget[],
): Finding[] {
  const expected = 'One budget that lets a pod go and keeps another';
  const objects = budgets.map(each =>
    checkedObject('PodDisruptionBudget', each),
  );
  if (budgets.length > 1) {
    return [
      warning({
        title: `${budgets.length} budgets select the pods of ${object}: the API server refuses every eviction`,
        object,
        observed: budgets.map(({ metadata }) => metadata.name).join(', '),
        expected,
        objects,
        remedy: 'Delete all but one, so that nodes can be drained.',
      }),
    ];
  }
  const [budget] = budgets;
  if (budget?.status?.disruptionsAllowed === 0) {
    return [
      warning({
        title: `Its budget lets no pod of ${object} go: a node with one of them cannot be drained`,
        object: `PodDisruptionBudget ${budget.metadata.namespace}/${budget.metadata.name}`,
        observed: 'disruptionsAllowed 0',
        expected,
        objects,
        remedy:
          'Run more replicas than the budget keeps. The upgrade itself does not evict, so it is not held up.',
      }),
    ];
  }
  return budget || (spec.replicas ?? 1) < 2
    ? []
    : [
        info({
          title: `No budget protects ${object} when nodes are drained during the upgrade`,
          object,
          observed: 'No PodDisruptionBudget selects its pods',
          expected,
          remedy: 'Add one that keeps at least one pod.',
        }),
      ];
}

function scaling({ metadata, spec, status }: Autoscaler): Finding[] {
  const says = {
    object: `HorizontalPodAutoscaler ${metadata.namespace}/${metadata.name}`,
    expected: 'An autoscaler that works and has room',
  };
  const broken = status?.conditions?.find(
    each =>
      ['AbleToScale', 'ScalingActive'].includes(each.type) &&
      each.status === 'False' &&
      each.reason !== 'ScalingDisabled',
  );
  const max = spec?.maxReplicas;
  return [
    ...(broken
      ? [
          warning({
            ...says,
            title: `${says.object} does not scale istiod`,
            observed: [broken.reason, broken.message]
              .filter(Boolean)
              .join(': '),
            remedy:
              'Make its metrics available (often the metrics server), else istiod keeps the replicas it has under the load of the reconnecting proxies.',
          }),
        ]
      : []),
    ...(max !== undefined && max > 1 && (status?.currentReplicas ?? 0) >= max
      ? [
          warning({
            ...says,
            title: `${says.object} is at its maximum: istiod has no room for the load of the reconnecting proxies`,
            observed: `${max} of at most ${max} replicas`,
            remedy:
              'Raise pilot.autoscaleMax, or upgrade when there is less to do; see that the nodes have room for as many pods again.',
          }),
        ]
      : []),
  ];
}

/** Pods that a number or a percentage stands for; of unavailable pods Kubernetes rounds down. */
function share(of: number | string, total: number): number {
  return typeof of === 'string'
    ? Math.floor((Number.parseFloat(of) / 100) * total)
    : of;
}
