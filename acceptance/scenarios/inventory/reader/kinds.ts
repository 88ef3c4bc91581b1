import { CUSTOM_WORKLOADS } from '../fleet/definitions';

/** A kind that runs pods. */
export interface Kind {
  kind: string;
  group: string;
  collection: string;
  /** Where the template of its pods is. */
  template: string;
}

const TEMPLATE = 'spec.template';

const apps = (kind: string): Kind => ({
  kind,
  group: 'apps',
  collection: `/apis/apps/v1/${kind.toLowerCase()}s`,
  template: TEMPLATE,
});

/** Every kind whose pods the product shows, with the configured one. */
export const KINDS: Kind[] = [
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map(apps),
  {
    kind: 'ReplicationController',
    group: '',
    collection: '/api/v1/replicationcontrollers',
    template: TEMPLATE,
  },
  {
    kind: 'Job',
    group: 'batch',
    collection: '/apis/batch/v1/jobs',
    template: TEMPLATE,
  },
  {
    kind: 'CronJob',
    group: 'batch',
    collection: '/apis/batch/v1/cronjobs',
    template: 'spec.jobTemplate.spec.template',
  },
  {
    kind: 'Rollout',
    group: 'argoproj.io',
    collection: '/apis/argoproj.io/v1alpha1/rollouts',
    template: TEMPLATE,
  },
  {
    kind: 'DeploymentConfig',
    group: 'apps.openshift.io',
    collection: '/apis/apps.openshift.io/v1/deploymentconfigs',
    template: TEMPLATE,
  },
  {
    kind: 'CloneSet',
    group: 'apps.kruise.io',
    collection: '/apis/apps.kruise.io/v1alpha1/clonesets',
    template: TEMPLATE,
  },
  ...CUSTOM_WORKLOADS.map(
    ({ kind, group, version, resource, podTemplatePath }) => ({
      kind,
      group,
      collection: `/apis/${group}/${version}/${resource}`,
      template: podTemplatePath,
    }),
  ),
];
