import { daemonSetRevision } from '../controllers/daemonSet';
import {
  replicaSetFor,
  rolloutStatus,
  templateHash,
} from '../controllers/deployment';
import { budgetStatus } from '../controllers/disruptionBudget';
import { controllerReference } from '../controllers/ownership';
import { replicaSetStatus } from '../controllers/replicaSet';
import { statefulSetRevision } from '../controllers/statefulSet';
import {
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  JOBS,
  NODES,
  POD_DISRUPTION_BUDGETS,
  REPLICA_SETS,
  SERVICES,
  STATEFUL_SETS,
} from '../kubernetes/resources';
import type {
  DaemonSet,
  Deployment,
  Draft,
  OwnerReference,
} from '../kubernetes/types';
import type { WorkloadBlueprint } from './blueprint';
import { seedOtherKind, seedRunningJob } from './seedOtherKind';
import type { Seeder } from './Seeder';
import { seedPods } from './seedPods';
import { jobSpec, metadataOf, selectorOf, templateOf } from './workloadObjects';

/** Puts a workload with its pods in place as if it had run for long. */
export function seedWorkload(seeder: Seeder, workload: WorkloadBlueprint) {
  seedKind(seeder, workload);
  if (workload.kind === 'Deployment' || workload.kind === 'StatefulSet') {
    seedService(seeder, workload);
  }
  if (workload.minAvailable !== undefined) {
    seedBudget(seeder, workload);
  }
}

function seedKind(seeder: Seeder, workload: WorkloadBlueprint) {
  const { kind, proxy } = workload;
  switch (kind) {
    case 'Deployment':
      seedDeployment(seeder, deploymentOf(workload), {
        proxy,
        uninjected: workload.injectedLater,
        injectedBy: workload.injectedBy,
      });
      break;
    case 'StatefulSet':
      seedStatefulSet(seeder, workload);
      break;
    case 'DaemonSet':
      seedDaemonSet(seeder, workload);
      break;
    case 'CronJob':
      seedCronJob(seeder, workload);
      break;
    case 'Job':
      if (workload.running) {
        seedRunningJob(seeder, workload);
      } else {
        seedFinishedJob(seeder, workload, workload.name);
      }
      break;
    default:
      seedOtherKind(seeder, { ...workload, kind });
  }
}

function deploymentOf(workload: WorkloadBlueprint): Draft<Deployment> {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(workload),
    spec: {
      replicas: workload.replicas,
      ...(workload.paused && { paused: true }),
      selector: selectorOf(workload),
      strategy: workload.recreate
        ? { type: 'Recreate' }
        : {
            type: 'RollingUpdate',
            rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
          },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: templateOf(workload),
    },
  };
}

/** Puts a rolled-out Deployment in place; `proxy` is the tag of the sidecars in its pods. */
export function seedDeployment(
  seeder: Seeder,
  draft: Draft<Deployment>,
  pods: { proxy?: string; uninjected?: boolean; injectedBy?: string } = {},
) {
  const deployment = seeder.put(DEPLOYMENTS, {
    ...draft,
    metadata: {
      ...draft.metadata,
      annotations: {
        ...draft.metadata.annotations,
        'deployment.kubernetes.io/revision': '1',
      },
    },
  });
  const replicas = deployment.spec.replicas ?? 1;
  const set = seeder.put(REPLICA_SETS, {
    ...replicaSetFor(deployment, { replicas, revision: 1 }),
    status: replicaSetStatus(
      { metadata: { generation: 1 } },
      { replicas, ready: replicas },
    ),
  });
  seeder.settle(DEPLOYMENTS, deployment, each => ({
    ...each,
    status: rolloutStatus(
      each,
      [set],
      templateHash(each.spec.template),
      each.metadata.creationTimestamp,
    ),
  }));
  const name = () => seeder.cluster.generateName(`${set.metadata.name}-`);
  seedPods(seeder, {
    names: Array.from({ length: replicas }, name),
    namespace: deployment.metadata.namespace!,
    template: set.spec.template,
    owner: controllerReference(REPLICA_SETS, set),
    ...pods,
    generateName: `${set.metadata.name}-`,
  });
}

function seedStatefulSet(seeder: Seeder, workload: WorkloadBlueprint) {
  const { name, namespace, replicas, proxy } = workload;
  const template = templateOf(workload);
  const spec = {
    replicas,
    serviceName: name,
    selector: selectorOf(workload),
    template,
    updateStrategy: workload.onDelete
      ? { type: 'OnDelete' }
      : { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  };
  const revision = statefulSetRevision({ metadata: { name }, spec });
  const set = seeder.put(STATEFUL_SETS, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(workload),
    spec,
    status: {
      observedGeneration: 1,
      replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      currentReplicas: replicas,
      updatedReplicas: replicas,
      currentRevision: revision,
      updateRevision: revision,
    },
  });
  seedPods(seeder, {
    names: Array.from({ length: replicas }, (_, index) => `${name}-${index}`),
    namespace,
    template,
    owner: controllerReference(STATEFUL_SETS, set),
    proxy,
    generateName: `${name}-`,
    labels: (podName, index) => ({
      'statefulset.kubernetes.io/pod-name': podName,
      'apps.kubernetes.io/pod-index': String(index),
      'controller-revision-hash': revision,
    }),
  });
}

function seedDaemonSet(seeder: Seeder, workload: WorkloadBlueprint) {
  seedDaemonSetObject(
    seeder,
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadataOf(workload),
      spec: {
        selector: selectorOf(workload),
        template: templateOf(workload),
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
        },
      },
    },
    workload.proxy,
  );
}

/** Puts a DaemonSet in place with a pod on every node; `proxy` is the tag of their sidecars. */
export function seedDaemonSetObject(
  seeder: Seeder,
  draft: Draft<DaemonSet>,
  proxy?: string,
): DaemonSet {
  const { cluster } = seeder;
  const { name, namespace } = draft.metadata;
  const nodes = cluster.store.list(NODES).length;
  const set = seeder.put(DAEMON_SETS, {
    ...draft,
    status: {
      observedGeneration: 1,
      currentNumberScheduled: nodes,
      desiredNumberScheduled: nodes,
      numberMisscheduled: 0,
      numberReady: nodes,
      numberAvailable: nodes,
      updatedNumberScheduled: nodes,
    },
  });
  seedPods(seeder, {
    names: Array.from({ length: nodes }, () =>
      cluster.generateName(`${name}-`),
    ),
    namespace: namespace!,
    template: set.spec.template,
    owner: controllerReference(DAEMON_SETS, set),
    proxy,
    generateName: `${name}-`,
    labels: () => ({ 'controller-revision-hash': daemonSetRevision(set) }),
  });
  return set;
}

function seedCronJob(seeder: Seeder, workload: WorkloadBlueprint) {
  const cron = seeder.put(CRON_JOBS, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadataOf(workload),
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: jobSpec(workload) } },
  });
  seedFinishedJob(
    seeder,
    workload,
    `${workload.name}-29300100`,
    controllerReference(CRON_JOBS, cron),
  );
}

function seedFinishedJob(
  seeder: Seeder,
  workload: WorkloadBlueprint,
  name: string,
  owner?: OwnerReference,
) {
  const time = seeder.now;
  const spec = jobSpec(workload);
  const labels = { 'batch.kubernetes.io/job-name': name, 'job-name': name };
  const job = seeder.put(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...metadataOf(workload),
      name,
      ...(owner && { ownerReferences: [owner] }),
    },
    spec,
    status: {
      succeeded: 1,
      startTime: time,
      completionTime: time,
      conditions: [
        {
          type: 'Complete',
          status: 'True',
          reason: 'CompletionsReached',
          lastTransitionTime: time,
        },
      ],
    },
  });
  seedPods(seeder, {
    names: [seeder.cluster.generateName(`${name}-`)],
    namespace: workload.namespace,
    template: spec.template,
    owner: controllerReference(JOBS, job),
    proxy: workload.proxy,
    generateName: `${name}-`,
    labels: () => labels,
    completed: true,
  });
}

function seedService(seeder: Seeder, workload: WorkloadBlueprint) {
  seeder.put(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(workload),
    spec: {
      selector: selectorOf(workload).matchLabels,
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      type: 'ClusterIP',
    },
  });
}

function seedBudget(seeder: Seeder, workload: WorkloadBlueprint) {
  const budget = seeder.put(POD_DISRUPTION_BUDGETS, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(workload),
    spec: {
      minAvailable: workload.minAvailable,
      selector: selectorOf(workload),
    },
  });
  seeder.settle(POD_DISRUPTION_BUDGETS, budget, each => ({
    ...each,
    status: budgetStatus(seeder.cluster, each),
  }));
}
