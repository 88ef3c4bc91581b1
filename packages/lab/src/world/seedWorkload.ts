import { daemonSetRevision } from '../controllers/daemonSet';
import {
  replicaSetFor,
  rolloutStatus,
  templateHash,
} from '../controllers/deployment';
import { budgetStatus } from '../controllers/disruptionBudget';
import { finishedStatus, runningStatus } from '../controllers/kubelet';
import { controllerReference } from '../controllers/ownership';
import { replicaSetStatus } from '../controllers/replicaSet';
import { statefulSetRevision } from '../controllers/statefulSet';
import { injectPod } from '../injection/injectPod';
import {
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  JOBS,
  NODES,
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  SERVICES,
  STATEFUL_SETS,
} from '../kubernetes/resources';
import type {
  Deployment,
  Draft,
  OwnerReference,
  PodTemplate,
  StringMap,
} from '../kubernetes/types';
import type { WorkloadBlueprint } from './blueprint';
import type { Seeder } from './Seeder';

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
      seedDeployment(seeder, deploymentOf(workload), proxy);
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
    default:
      seedFinishedJob(seeder, workload, workload.name);
  }
}

function labelsOf(workload: WorkloadBlueprint): StringMap {
  return {
    app: workload.component,
    'app.kubernetes.io/name': workload.name,
    'backstage.io/kubernetes-id': workload.component,
  };
}

function metadataOf(workload: WorkloadBlueprint) {
  return {
    name: workload.name,
    namespace: workload.namespace,
    labels: labelsOf(workload),
  };
}

function selectorOf(workload: WorkloadBlueprint) {
  return {
    matchLabels: {
      app: workload.component,
      'app.kubernetes.io/name': workload.name,
    },
  };
}

function templateOf(workload: WorkloadBlueprint): PodTemplate {
  return {
    metadata: {
      labels: {
        ...labelsOf(workload),
        ...(workload.excluded && { 'sidecar.istio.io/inject': 'false' }),
      },
      ...(workload.plainSidecar && {
        annotations: { 'sidecar.istio.io/nativeSidecar': 'false' },
      }),
    },
    spec: {
      ...(workload.hostNetwork && { hostNetwork: true }),
      restartPolicy: 'Always',
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name: 'app',
          image: `registry.example.com/${workload.component}/${workload.name}:2.4.1`,
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          resources: {
            requests: { cpu: '100m', memory: '128Mi' },
            limits: { memory: '256Mi' },
          },
        },
      ],
    },
  };
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
  proxy?: string,
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
    proxy,
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
  const { cluster } = seeder;
  const nodes = cluster.store.list(NODES).length;
  const spec = {
    selector: selectorOf(workload),
    template: templateOf(workload),
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    },
  };
  const set = seeder.put(DAEMON_SETS, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadataOf(workload),
    spec,
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
      cluster.generateName(`${workload.name}-`),
    ),
    namespace: workload.namespace,
    template: spec.template,
    owner: controllerReference(DAEMON_SETS, set),
    proxy: workload.proxy,
    generateName: `${workload.name}-`,
    labels: () => ({ 'controller-revision-hash': daemonSetRevision({ spec }) }),
  });
}

function jobSpec(workload: WorkloadBlueprint) {
  const template = templateOf(workload);
  return {
    backoffLimit: 6,
    completions: 1,
    parallelism: 1,
    template: {
      ...template,
      spec: { ...template.spec, restartPolicy: 'Never' },
    },
  };
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

function seedPods(
  seeder: Seeder,
  options: {
    names: string[];
    namespace: string;
    template: PodTemplate;
    owner: OwnerReference;
    generateName: string;
    proxy?: string;
    labels?: (name: string, index: number) => StringMap;
    completed?: boolean;
  },
) {
  const { cluster } = seeder;
  const { template, namespace, labels, owner } = options;
  const nodes = cluster.store.list(NODES);
  const first = Math.floor(cluster.random() * nodes.length);
  const shape = injectPod(
    cluster,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace,
        labels: template.metadata?.labels,
        ...(template.metadata?.annotations && {
          annotations: template.metadata.annotations,
        }),
        generateName: options.generateName,
        ownerReferences: [owner],
      },
      spec: template.spec,
    },
    options.proxy,
  );
  // Pods of one workload share everything but their identity.
  const running = runningStatus(
    { metadata: {}, spec: shape.spec },
    {
      now: seeder.now,
      ready: true,
      kubernetesMinor: cluster.kubernetesMinor,
    },
  );
  const status = options.completed
    ? finishedStatus({ spec: shape.spec, status: running }, seeder.now, 0)
    : running;
  options.names.forEach((name, index) =>
    seeder.put(PODS, {
      ...shape,
      metadata: {
        ...shape.metadata,
        name,
        labels: labels
          ? { ...shape.metadata.labels, ...labels(name, index) }
          : shape.metadata.labels,
      },
      spec: {
        ...shape.spec,
        nodeName: nodes[(first + index) % nodes.length].metadata.name,
      },
      status: {
        ...status,
        podIP: `10.${1 + Math.floor(cluster.random() * 250)}.${Math.floor(
          cluster.random() * 250,
        )}.${1 + Math.floor(cluster.random() * 250)}`,
      },
    }),
  );
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
