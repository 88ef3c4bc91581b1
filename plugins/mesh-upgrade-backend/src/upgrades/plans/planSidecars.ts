import { InputError } from '@backstage/errors';
import type {
  PlannedChange,
  UpgradeSubject,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import pLimit from 'p-limit';
import type { ClusterRegistry } from '../../clusters/types';
import { gitOpsOwner } from '../../gitops/gitOpsOwner';
import {
  RESTART_DEPLOYMENT_ACTION,
  RESTARTED_AT,
  type RestartParameters,
} from '../actuators/restartDeployment';
import type { PlannedStep } from '../drivers/types';
import { clientFor } from '../kubernetes/clientFor';
import { orUndefined } from '../../clusters/notFound';
import { livePodsOf, proxyOf } from '../../kubernetes/pods';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { contentYaml } from '../preview/objectYaml';
import { hashPlan } from './hashPlan';
import type { DraftRun } from './types';

const PARALLEL_READS = 6;

type WorkloadPlan =
  | { workload: string; reason: string }
  | {
      workload: string;
      reason?: undefined;
      step: PlannedStep;
      change: PlannedChange;
      pods: number;
    };

/** Plans a restart of every workload that can be restarted; the others are named with the reason. */
export async function planSidecars(
  subject: UpgradeSubject & { kind: 'sidecars' },
  options: {
    /** As many as were asked for, in the same order. */
    workloads: WorkloadDetail[];
    clusters: ClusterRegistry;
    signal: AbortSignal;
  },
): Promise<DraftRun> {
  const { workloads } = options;
  const limit = pLimit(PARALLEL_READS);
  const plans = await Promise.all(
    workloads.map(workload => limit(() => planWorkload(workload, options))),
  );
  const skipped = plans.flatMap(({ workload, reason }) =>
    reason === undefined ? [] : [{ workload, reason }],
  );
  const planned = plans.flatMap(plan =>
    plan.reason === undefined ? [plan] : [],
  );
  if (planned.length === 0) {
    const reasons = skipped.map(each => `${each.workload}: ${each.reason}`);
    throw new InputError(
      `None of the workloads can be upgraded. ${reasons.join('. ')}`,
    );
  }
  const changes = planned.map(({ change }) => change);
  const meshes = new Set(workloads.map(({ meshId }) => meshId));
  const from = new Set(
    workloads.flatMap(({ versions }) => versions.map(v => v.version)),
  );
  const to = new Set(
    planned.map(({ step }) => String(step.parameters.version)),
  );
  return {
    steps: planned.map(({ step }) => step),
    plan: {
      hash: hashPlan(subject, changes),
      kind: 'sidecars',
      meshId: onlyOf(meshes),
      fromVersion: onlyOf(from),
      targetVersion: [...to].sort().join(', '),
      driver: 'restart',
      changes,
      pods: planned.reduce((sum, { pods }) => sum + pods, 0),
      skipped,
    },
  };
}

async function planWorkload(
  workload: WorkloadDetail,
  options: { clusters: ClusterRegistry; signal: AbortSignal },
): Promise<WorkloadPlan> {
  const { id, cluster, namespace, name, kind, method, desiredVersion } =
    workload;
  if (method.kind === 'none') {
    return { workload: id, reason: method.blockers.join('. ') };
  }
  if (desiredVersion === undefined) {
    return {
      workload: id,
      reason: 'The version that a new pod would get is unknown',
    };
  }
  const { signal } = options;
  const client = clientFor(options.clusters, cluster);
  const deployment = await orUndefined(
    client.get<Deployment>({ ...DEPLOYMENTS, namespace, name }, { signal }),
  );
  if (!deployment) {
    return { workload: id, reason: 'It does not exist any more' };
  }
  const pods = await livePodsOf(client, deployment, { signal });
  const versions = new Set(
    pods.map(pod => {
      const proxy = proxyOf(pod);
      return proxy ? proxy.version ?? 'unknown' : 'none';
    }),
  );
  const isFlux = gitOpsOwner(deployment.metadata)?.kind === 'Kustomization';
  const parameters: RestartParameters = {
    namespace,
    name,
    version: desiredVersion,
    // Flux removes what other managers set, which would restart all pods again.
    fieldManager: isFlux ? 'flux-client-side-apply' : 'mesh-upgrade',
  };
  const object = `${kind} ${namespace}/${name}`;
  return {
    workload: id,
    pods: pods.length,
    change: {
      cluster,
      object,
      before: `proxy ${[...versions].sort().join(', ') || 'of no pod'}`,
      after: `proxy ${desiredVersion}`,
      effect: isFlux
        ? 'Every pod is replaced as the rollout strategy tells; the restart is written in the name of Flux, so that Flux does not undo it'
        : 'Every pod is replaced as the rollout strategy tells',
      yaml: restartYaml(deployment),
    },
    step: {
      phase: 'upgrade',
      title: object,
      cluster,
      action: RESTART_DEPLOYMENT_ACTION,
      workload: id,
      parameters,
    },
  };
}

/** The only part of the object that a restart changes. */
function restartYaml({
  apiVersion = 'apps/v1',
  kind = 'Deployment',
  metadata: { name, namespace },
  spec: { template },
}: Deployment): PlannedChange['yaml'] {
  const at = (restartedAt: string | undefined) =>
    contentYaml({
      apiVersion,
      kind,
      metadata: { name, namespace },
      spec: {
        template: {
          metadata: { annotations: { [RESTARTED_AT]: restartedAt } },
        },
      },
    });
  return {
    before: at(template.metadata?.annotations?.[RESTARTED_AT]),
    after: at('<time of the restart>'),
  };
}

function onlyOf(values: Set<string | undefined>): string | undefined {
  return values.size === 1 ? [...values][0] : undefined;
}
