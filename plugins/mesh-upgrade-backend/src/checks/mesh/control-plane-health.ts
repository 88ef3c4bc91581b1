import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  passed,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { KubernetesError } from '../../clusters/KubernetesError';
import { crashLoopOf, firstProblem, livePodsOf } from '../../kubernetes/pods';
import type { Deployment, Pod } from '../../kubernetes/types';
import { istiodName, istiodOf } from '../istiod';
import type { ClusterCheckContext, PerClusterCheck } from '../types';

/** Whether istiod is well now: an upgrade of what is ill proves nothing and may hide the cause. */
export function controlPlaneHealth(): PerClusterCheck {
  return {
    id: 'control-plane-health',
    title: 'Control plane is healthy',
    worst: 'blocker',
    scope: 'cluster',
    applies: ({ cluster }) => cluster.controlPlanes.length > 0,
    run: async context =>
      Promise.all(
        context.cluster.controlPlanes.map(each => lookAt(each, context)),
      ),
  };
}

async function lookAt(
  controlPlane: ControlPlaneView,
  context: ClusterCheckContext,
): Promise<Finding> {
  const { client, signal } = context;
  try {
    const deployment = await istiodOf(controlPlane, context);
    const pods = await livePodsOf(client, deployment, { signal });
    return judgeControlPlane(istiodName(controlPlane), deployment, pods);
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) {
      return gone(istiodName(controlPlane), error);
    }
    throw error;
  }
}

/** Judges istiod by its Deployment and its live pods. */
export function judgeControlPlane(
  object: string,
  deployment: Deployment,
  pods: Pod[],
): Finding {
  const wanted = deployment.spec.replicas ?? 1;
  const available = deployment.status?.availableReplicas ?? 0;
  const says = { object, expected: 'Every wanted pod is available' };
  const counts = `${available} of ${wanted} pods are available`;
  if (wanted === 0) {
    return blocker({
      ...says,
      title: `${object} is scaled to zero, so nothing is injected or configured`,
      observed: '0 pods are wanted',
      remedy: 'Scale istiod up again, then Recheck.',
    });
  }
  const crash = pods.map(crashLoopOf).find(Boolean);
  if (available >= wanted && !crash) {
    return passed({
      ...says,
      title: `${object} is healthy`,
      observed: counts,
    });
  }
  const cause = crash ?? firstProblem(pods);
  return blocker({
    ...says,
    title: crash ? `${object} crashes` : `${object} is not available in full`,
    observed: [counts, cause].filter(Boolean).join('; '),
    remedy: `Find the cause with kubectl -n ${deployment.metadata.namespace} ${
      crash
        ? `logs deployment/${deployment.metadata.name} --previous`
        : `describe pods`
    }, remove it, then Recheck.`,
  });
}

function gone(object: string, error: KubernetesError): Finding {
  return blocker({
    title: `${object} is gone`,
    object,
    observed: error.message,
    expected: 'A running control plane',
    remedy:
      'Wait until the mesh shows what is installed now, then look again; an upgrade changes what exists.',
  });
}
