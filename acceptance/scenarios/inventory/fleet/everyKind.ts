import type { ClusterAccess } from '../../../ClusterAccess';
import { create } from './create';
import { controlledBy, pod, service, template, workload } from './objects';

/** Nothing fits it, so its pods wait for ever: alive, but without a node. */
const NOWHERE = { nodeSelector: { 'example.com/nowhere': 'yes' } };

/** The testbed lets pods of Jobs succeed at once, unless they say this. */
const ENDLESS = {
  templateAnnotations: { 'testbed.mesh-upgrade.io/endless': 'true' },
};
const NEVER = { restartPolicy: 'Never' };

/** One workload of each kind, with its pods, in an injected namespace. */
export async function everyKind(
  cluster: ClusterAccess,
  space: string,
): Promise<void> {
  await create(
    cluster,
    workload(['apps/v1', 'Deployment'], `${space}/deployment`),
    workload(['apps/v1', 'StatefulSet'], `${space}/statefulset`, {
      spec: { serviceName: 'statefulset' },
    }),
    workload(['apps/v1', 'DaemonSet'], `${space}/daemonset`, {
      spec: { replicas: undefined },
    }),
    workload(['apps/v1', 'ReplicaSet'], `${space}/replicaset`, { replicas: 2 }),
    workload(['v1', 'ReplicationController'], `${space}/controller`),
    pod(`${space}/pod`),
    job(`${space}/job`, ENDLESS),
    job(`${space}/job-nowhere`, { podSpec: { ...NEVER, ...NOWHERE } }),
    job(`${space}/job-over`),
    cronJob(`${space}/cronjob`),
    service(`${space}/statefulset`, { app: 'statefulset' }),
    service(`${space}/deployment`, { app: 'deployment' }),
    service(`${space}/also-deployment`, { app: 'deployment' }),
    service(`${space}/pod`, { app: 'pod' }),
    service(`${space}/nobody`, { app: 'deployment', tier: 'none' }),
    service(`${space}/by-hand`),
  );
  await ofOtherMakers(cluster, space);
}

/** Kinds whose controllers are not here: what they would have made is made in their name. */
async function ofOtherMakers(
  cluster: ClusterAccess,
  space: string,
): Promise<void> {
  const [rollout, config, cloneSet, arena, parent] = await create(
    cluster,
    workload(['argoproj.io/v1alpha1', 'Rollout'], `${space}/rollout`, {
      replicas: 2,
    }),
    workload(
      ['apps.openshift.io/v1', 'DeploymentConfig'],
      `${space}/deploymentconfig`,
    ),
    workload(['apps.kruise.io/v1alpha1', 'CloneSet'], `${space}/cloneset`),
    {
      apiVersion: 'games.example.com/v1',
      kind: 'Arena',
      metadata: { namespace: space, name: 'arena' },
      spec: { server: { count: 1, pod: template('arena') } },
    },
    cronJob(`${space}/nightly`),
  );
  await create(
    cluster,
    controlledBy(
      rollout,
      workload(['apps/v1', 'ReplicaSet'], `${space}/rollout-5d4f`, {
        replicas: 2,
      }),
    ),
    controlledBy(
      config,
      workload(['v1', 'ReplicationController'], `${space}/deploymentconfig-1`),
    ),
    controlledBy(cloneSet, pod(`${space}/cloneset-x7x2p`)),
    controlledBy(arena, pod(`${space}/arena-0`)),
    controlledBy(parent, job(`${space}/nightly-29380320`, ENDLESS)),
  );
}

function job(
  place: string,
  variation: Parameters<typeof template>[1] = {},
): object {
  const [namespace, name] = place.split('/');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace, name },
    spec: { template: template(name, { podSpec: NEVER, ...variation }) },
  };
}

function cronJob(place: string): object {
  const [namespace, name] = place.split('/');
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { namespace, name },
    spec: {
      // A day that does not come.
      schedule: '0 0 30 2 *',
      jobTemplate: { spec: { template: template(name, { podSpec: NEVER }) } },
    },
  };
}
