import type { BuiltInWorkloadKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ResourceType } from '../../clusters/types';

/** A kind whose objects run pods, and where its objects tell about them. */
export interface WorkloadKindSpec extends ResourceType {
  kind: string;
  /** Where the pod template is, e.g. `['spec', 'template']`. */
  podTemplatePath: string[];
  replicasPath?: string[];
  readyReplicasPath?: string[];
  /** Clusters need not serve it. */
  optional?: boolean;
}

const TEMPLATE = ['spec', 'template'];
const REPLICAS = ['spec', 'replicas'];
const READY = ['status', 'readyReplicas'];

/** Bare pods are read as pods. */
export type ListedWorkloadKind = Exclude<BuiltInWorkloadKind, 'Pod'>;

/** The kinds that are read without being configured. */
export const BUILT_IN_KINDS = {
  Deployment: scalable('apps', 'v1', 'deployments', 'Deployment'),
  StatefulSet: scalable('apps', 'v1', 'statefulsets', 'StatefulSet'),
  DaemonSet: {
    group: 'apps',
    version: 'v1',
    resource: 'daemonsets',
    kind: 'DaemonSet',
    podTemplatePath: TEMPLATE,
    replicasPath: ['status', 'desiredNumberScheduled'],
    readyReplicasPath: ['status', 'numberReady'],
  },
  ReplicaSet: scalable('apps', 'v1', 'replicasets', 'ReplicaSet'),
  ReplicationController: scalable(
    '',
    'v1',
    'replicationcontrollers',
    'ReplicationController',
  ),
  Rollout: {
    ...scalable('argoproj.io', 'v1alpha1', 'rollouts', 'Rollout'),
    optional: true,
  },
  DeploymentConfig: {
    ...scalable(
      'apps.openshift.io',
      'v1',
      'deploymentconfigs',
      'DeploymentConfig',
    ),
    optional: true,
  },
  CloneSet: {
    ...scalable('apps.kruise.io', 'v1alpha1', 'clonesets', 'CloneSet'),
    optional: true,
  },
  Job: {
    group: 'batch',
    version: 'v1',
    resource: 'jobs',
    kind: 'Job',
    podTemplatePath: TEMPLATE,
    replicasPath: ['spec', 'parallelism'],
    readyReplicasPath: ['status', 'ready'],
  },
  CronJob: {
    group: 'batch',
    version: 'v1',
    resource: 'cronjobs',
    kind: 'CronJob',
    podTemplatePath: ['spec', 'jobTemplate', 'spec', 'template'],
  },
} satisfies Record<ListedWorkloadKind, WorkloadKindSpec>;

function scalable(
  group: string,
  version: string,
  resource: string,
  kind: string,
): WorkloadKindSpec {
  return {
    group,
    version,
    resource,
    kind,
    podTemplatePath: TEMPLATE,
    replicasPath: REPLICAS,
    readyReplicasPath: READY,
  };
}
