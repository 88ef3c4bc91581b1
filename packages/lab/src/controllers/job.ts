import type { Cluster } from '../cluster/Cluster';
import { isActive, isReady } from '../kubernetes/pods';
import { JOBS, PODS, type Resource } from '../kubernetes/resources';
import type { Job, Pod } from '../kubernetes/types';
import { readMounted } from './job/mounts';
import { runCommand } from './job/runCommand';
import { finishedStatus } from './kubelet';
import { controllerOf, controllerReference } from './ownership';
import { createPod } from './podFactory';

/** Jobs of the plugin carry this label: their command is simulated. */
const MANAGED_BY = 'app.kubernetes.io/managed-by';
const PLUGIN = 'mesh-upgrade';
/** How long a Job that does nothing the lab knows runs, in milliseconds of lab time. */
const PLAIN_RUN = 1000;

/** Runs Jobs: one pod each, whose command has its effect on the cluster. */
export function startJobController(cluster: Cluster) {
  const running = new Set<string>();
  cluster.onChange(({ resource, type, object }) => {
    if (resource === (JOBS as Resource) && type !== 'DELETED') {
      cluster.queue.add(`job ${object.metadata.uid}`, () =>
        reconcile(cluster, object as Job),
      );
    } else if (resource === (PODS as Resource)) {
      const owner = controllerOf(object);
      const job =
        owner?.kind === 'Job' &&
        cluster.store.get(JOBS, object.metadata.namespace, owner.name);
      if (job) {
        const pod = object as Pod;
        if (
          type !== 'DELETED' &&
          isReady(pod) &&
          !running.has(pod.metadata.uid)
        ) {
          running.add(pod.metadata.uid);
          run(cluster, job, pod);
        }
        cluster.queue.add(`job ${job.metadata.uid}`, () =>
          reconcile(cluster, job),
        );
      }
    }
  });
}

function run(cluster: Cluster, job: Job, pod: Pod) {
  const { uid, namespace, name } = pod.metadata;
  const lines: string[] = [];
  cluster.logs.set(uid, lines);
  const finish = (exitCode: number) => {
    const current = cluster.store.get(PODS, namespace, name);
    if (current?.metadata.uid === uid && isActive(current)) {
      cluster.store.update(PODS, namespace, name, each => ({
        ...each,
        status: finishedStatus(each, cluster.clock.now(), exitCode),
      }));
    }
  };
  if (job.metadata.labels?.[MANAGED_BY] !== PLUGIN) {
    cluster.clock.after(PLAIN_RUN, () => finish(0));
    return;
  }
  const [container] = pod.spec.containers.filter(
    each => each.name !== 'istio-proxy',
  );
  runCommand(cluster, container, {
    read: path => readMounted(cluster, pod, container, path),
    print: line => lines.push(line),
    exit: finish,
  });
}

function reconcile(cluster: Cluster, { metadata }: Job) {
  const { namespace, name, uid } = metadata;
  const job = cluster.store.get(JOBS, namespace, name);
  if (job?.metadata.uid !== uid || isFinished(job)) {
    return;
  }
  const pods = cluster.store.ownedBy(PODS, uid);
  const failed = pods.filter(pod => pod.status?.phase === 'Failed').length;
  const succeeded = pods.filter(
    pod => pod.status?.phase === 'Succeeded',
  ).length;
  const active = pods.filter(isActive);
  const exhausted = failed > (job.spec.backoffLimit ?? 6);
  if (!active.length && !succeeded && !exhausted) {
    createPod(cluster, {
      again: () => reconcile(cluster, job),
      namespace: namespace!,
      generateName: `${name}-`,
      template: job.spec.template,
      owner: controllerReference(JOBS, job),
      labels: {
        'batch.kubernetes.io/job-name': name,
        'batch.kubernetes.io/controller-uid': uid,
        'job-name': name,
        'controller-uid': uid,
      },
    });
  }
  const now = cluster.clock.now();
  cluster.store.update(JOBS, namespace, name, each => ({
    ...each,
    status: {
      startTime: each.status?.startTime ?? now,
      ...(failed && { failed }),
      ...(succeeded && { succeeded }),
      ...(!succeeded && !exhausted && { active: 1 }),
      ...(active.some(isReady) && { ready: 1 }),
      ...(succeeded && { completionTime: now }),
      ...((succeeded || exhausted) && {
        conditions: finalConditions(Boolean(succeeded), now),
      }),
    },
  }));
  if (job.spec.ttlSecondsAfterFinished !== undefined && succeeded) {
    cluster.clock.after(job.spec.ttlSecondsAfterFinished * 1000, () =>
      cluster.store.remove(JOBS, namespace, name),
    );
  }
}

function isFinished(job: Job): boolean {
  return (
    job.status?.conditions?.some(
      ({ type, status }) =>
        ['Complete', 'Failed'].includes(type) && status === 'True',
    ) ?? false
  );
}

function finalConditions(succeeded: boolean, now: string) {
  const base = {
    status: 'True',
    lastProbeTime: now,
    lastTransitionTime: now,
    ...(succeeded
      ? {
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        }
      : {
          reason: 'BackoffLimitExceeded',
          message: 'Job has reached the specified backoff limit',
        }),
  };
  return succeeded
    ? [
        { type: 'SuccessCriteriaMet', ...base },
        { type: 'Complete', ...base },
      ]
    : [
        { type: 'FailureTarget', ...base },
        { type: 'Failed', ...base },
      ];
}
