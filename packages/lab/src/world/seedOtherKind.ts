import {
  cloneSetPodLabels,
  cloneSetRevision,
  cloneSetStatus,
} from '../controllers/cloneSet';
import { controllerReference } from '../controllers/ownership';
import { firstKeeperOf, settledStatus } from '../controllers/replicaOwner';
import { replicaSetStatus } from '../controllers/replicaSet';
import {
  apiVersionOf,
  CLONE_SETS,
  DEPLOYMENT_CONFIGS,
  JOBS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  ROLLOUTS,
  type Resource,
} from '../kubernetes/resources';
import type {
  Draft,
  OwnerReference,
  PodTemplate,
  ReplicaOwner,
  ReplicaSet,
  ReplicationController,
  StringMap,
} from '../kubernetes/types';
import type { OtherKind, WorkloadBlueprint } from './blueprint';
import type { Seeder } from './Seeder';
import { seedPods } from './seedPods';
import { jobSpec, metadataOf, selectorOf, templateOf } from './workloadObjects';

type Blueprint = WorkloadBlueprint & { kind: OtherKind };

/** Puts a workload of a rarer kind in place, as if it had run for long. */
export function seedOtherKind(seeder: Seeder, workload: Blueprint) {
  switch (workload.kind) {
    case 'Rollout':
      seedReplicaOwner(seeder, workload, ROLLOUTS, {
        strategy: { canary: { maxSurge: '25%', maxUnavailable: '25%' } },
      });
      break;
    case 'DeploymentConfig':
      seedReplicaOwner(seeder, workload, DEPLOYMENT_CONFIGS, {
        strategy: { type: 'Rolling' },
        triggers: [{ type: 'ConfigChange' }],
      });
      break;
    case 'CloneSet':
      seedCloneSet(seeder, workload);
      break;
    case 'ReplicaSet':
    case 'ReplicationController':
      seedKeeper(seeder, workload);
      break;
    default:
      seedPods(seeder, {
        names: [workload.name],
        namespace: workload.namespace,
        template: templateOf(workload),
        proxy: workload.proxy,
      });
  }
}

function seedReplicaOwner(
  seeder: Seeder,
  workload: Blueprint,
  resource: Resource<ReplicaOwner>,
  more: object,
) {
  const labels = selectorOf(workload).matchLabels;
  const owner = seeder.put(resource, {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: metadataOf(workload),
    spec: {
      replicas: workload.replicas,
      selector:
        resource === DEPLOYMENT_CONFIGS ? labels : { matchLabels: labels },
      template: templateOf(workload),
      ...more,
    },
  });
  seeder.settle(resource, owner, each => ({
    ...each,
    status: settledStatus(each),
  }));
  const first = firstKeeperOf(owner);
  const keeper = seeder.put(first.resource, {
    ...first.draft,
    status: statusOfKeeper(workload),
  } as typeof first.draft);
  seedReplicas(seeder, workload, {
    owner: controllerReference(first.resource, keeper),
    ownerName: keeper.metadata.name,
    template: keeper.spec.template,
  });
}

function seedCloneSet(seeder: Seeder, workload: Blueprint) {
  const set = seeder.put(CLONE_SETS, {
    apiVersion: apiVersionOf(CLONE_SETS),
    kind: CLONE_SETS.kind,
    metadata: metadataOf(workload),
    spec: {
      replicas: workload.replicas,
      selector: selectorOf(workload),
      template: templateOf(workload),
      updateStrategy: { type: 'ReCreate' },
    },
  });
  const { replicas } = workload;
  seeder.settle(CLONE_SETS, set, each => ({
    ...each,
    status: cloneSetStatus(each, {
      total: replicas,
      ready: replicas,
      updated: replicas,
    }),
  }));
  seedReplicas(seeder, workload, {
    owner: controllerReference(CLONE_SETS, set),
    ownerName: workload.name,
    template: set.spec.template,
    labels: cloneSetPodLabels(cloneSetRevision(set)),
  });
}

/** A ReplicaSet or ReplicationController that nothing owns. */
function seedKeeper(seeder: Seeder, workload: Blueprint) {
  const resource = (
    workload.kind === 'ReplicaSet' ? REPLICA_SETS : REPLICATION_CONTROLLERS
  ) as Resource<ReplicaSet | ReplicationController>;
  const selector = selectorOf(workload);
  const keeper = seeder.put(resource, {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: metadataOf(workload),
    spec: {
      replicas: workload.replicas,
      selector:
        workload.kind === 'ReplicaSet' ? selector : selector.matchLabels,
      template: templateOf(workload),
    },
    status: statusOfKeeper(workload),
  } as Draft<ReplicaSet>);
  seedReplicas(seeder, workload, {
    owner: controllerReference(resource, keeper),
    ownerName: workload.name,
    template: keeper.spec.template,
  });
}

/** A Job whose pods have not ended yet. */
export function seedRunningJob(seeder: Seeder, workload: WorkloadBlueprint) {
  const { name, replicas } = workload;
  const labels = { 'batch.kubernetes.io/job-name': name, 'job-name': name };
  const spec = { ...jobSpec(workload), parallelism: replicas };
  const job = seeder.put(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(workload),
    spec,
    status: { active: replicas, ready: replicas, startTime: seeder.now },
  });
  seedReplicas(seeder, workload, {
    owner: controllerReference(JOBS, job),
    ownerName: name,
    template: spec.template,
    labels,
  });
}

function statusOfKeeper({ replicas }: WorkloadBlueprint) {
  return replicaSetStatus(
    { metadata: { generation: 1 } },
    { replicas, ready: replicas },
  );
}

function seedReplicas(
  seeder: Seeder,
  workload: WorkloadBlueprint,
  options: {
    owner: OwnerReference;
    ownerName: string;
    template: PodTemplate;
    labels?: StringMap;
  },
) {
  const { owner, ownerName, template, labels } = options;
  seedPods(seeder, {
    names: Array.from({ length: workload.replicas }, () =>
      seeder.cluster.generateName(`${ownerName}-`),
    ),
    namespace: workload.namespace,
    template,
    owner,
    proxy: workload.proxy,
    generateName: `${ownerName}-`,
    ...(labels && { labels: () => labels }),
  });
}
