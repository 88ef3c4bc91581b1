import type { Cluster } from '../cluster/Cluster';
import { matchesPod } from '../knobs/Knobs';
import {
  isActive,
  isNativeSidecar,
  isReady,
  isTerminating,
} from '../kubernetes/pods';
import { NODES, PODS, type Resource } from '../kubernetes/resources';
import type {
  Condition,
  Container,
  ContainerStatus,
  Draft,
  Pod,
  PodSpec,
  PodStatus,
} from '../kubernetes/types';

/** From creation to Ready, in milliseconds of lab time. */
const READY_DELAY = 800;
/** From the wish to delete a pod to its end, in milliseconds of lab time. */
const TERMINATION_DELAY = 400;

/** Runs the pods of a cluster: schedules, starts, stops, follows changed images. */
export function startKubelet(cluster: Cluster) {
  cluster.onChange(({ resource, type, object, previous }) => {
    if (resource !== (PODS as Resource) || type === 'DELETED') {
      return;
    }
    const pod = object as Pod;
    if (type === 'ADDED') {
      cluster.clock.after(READY_DELAY, () => startPod(cluster, pod));
    } else if ((previous as Pod).spec !== pod.spec && isActive(pod)) {
      cluster.clock.after(READY_DELAY / 4, () => followSpec(cluster, pod));
    }
  });
}

/** Looks again at the pods a knob may have held back or let go. */
export function wakeWaitingPods(cluster: Cluster) {
  for (const pod of cluster.store.list(PODS)) {
    if (isActive(pod) && !isReady(pod)) {
      cluster.queue.add(`start ${pod.metadata.uid}`, () =>
        startPod(cluster, pod),
      );
    }
  }
}

/** A node for a new pod, by turns. */
export function chooseNode(cluster: Cluster): string | undefined {
  const nodes = cluster.store.list(NODES);
  return nodes.length
    ? nodes[Math.floor(cluster.random() * nodes.length)].metadata.name
    : undefined;
}

/** Deletes a pod as the API does: gracefully, unless the grace is 0 seconds. */
export function deletePod(cluster: Cluster, pod: Pod, graceSeconds = 30) {
  const { namespace, name, uid } = pod.metadata;
  if (graceSeconds === 0) {
    cluster.store.remove(PODS, namespace, name);
    return;
  }
  if (isTerminating(pod)) {
    return;
  }
  cluster.store.update(PODS, namespace, name, current => ({
    ...current,
    metadata: {
      ...current.metadata,
      deletionTimestamp: cluster.clock.now(),
      deletionGracePeriodSeconds: graceSeconds,
    },
  }));
  cluster.clock.after(TERMINATION_DELAY, () => {
    if (cluster.store.get(PODS, namespace, name)?.metadata.uid === uid) {
      cluster.store.remove(PODS, namespace, name);
    }
  });
}

function startPod(cluster: Cluster, pod: Pod) {
  const { namespace, name, uid } = pod.metadata;
  const current = cluster.store.get(PODS, namespace, name);
  if (current?.metadata.uid !== uid || !isActive(current) || isReady(current)) {
    return;
  }
  const held = matchesPod(cluster.knobs().neverReady, {
    namespace: namespace ?? '',
    name,
    labels: current.metadata.labels,
  });
  cluster.store.update(PODS, namespace, name, each => ({
    ...each,
    status: {
      ...runningStatus(each, {
        now: cluster.clock.now(),
        ready: !held,
        kubernetesMinor: cluster.kubernetesMinor,
      }),
      podIP: `10.${Math.floor(cluster.random() * 250)}.${Math.floor(
        cluster.random() * 250,
      )}.${1 + Math.floor(cluster.random() * 250)}`,
    },
  }));
}

/** Starts what was added to a running pod and swaps containers whose image was changed. */
function followSpec(cluster: Cluster, pod: Pod) {
  const { namespace, name, uid } = pod.metadata;
  const current = cluster.store.get(PODS, namespace, name);
  if (current?.metadata.uid !== uid || current.status?.phase !== 'Running') {
    return;
  }
  const now = cluster.clock.now();
  const follow = (
    containers: Container[] | undefined,
    statuses: ContainerStatus[] | undefined,
    ready: boolean,
  ) =>
    containers?.map(container => {
      const known = statuses?.find(({ name: n }) => n === container.name);
      return known?.image === container.image
        ? known
        : {
            ...runningContainer(container, now, ready),
            restartCount: known ? known.restartCount + 1 : 0,
          };
    });
  const { spec, status } = current;
  cluster.store.update(PODS, namespace, name, each => ({
    ...each,
    status: {
      ...status,
      phase: 'Running',
      ...(each.metadata.generation !== undefined && {
        observedGeneration: each.metadata.generation,
      }),
      containerStatuses: follow(
        spec.containers,
        status.containerStatuses,
        true,
      ),
      ...(spec.initContainers && {
        initContainerStatuses: spec.initContainers.map(container =>
          isNativeSidecar(container)
            ? follow([container], status.initContainerStatuses, true)![0]
            : status.initContainerStatuses?.find(
                ({ name: n }) => n === container.name,
              ) ?? finishedContainer(container, now),
        ),
      }),
      ...(spec.ephemeralContainers && {
        // Kubernetes never calls an ephemeral container ready.
        ephemeralContainerStatuses: follow(
          spec.ephemeralContainers,
          status.ephemeralContainerStatuses,
          false,
        ),
      }),
    },
  }));
}

/** The status of a pod that nothing has run yet. */
export function pendingStatus(pod: Draft<Pod>, now: string): PodStatus {
  const condition = (type: string, status: string): Condition => ({
    type,
    status,
    lastTransitionTime: now,
    ...(status === 'False' && {
      reason: 'ContainersNotReady',
      message: `containers with unready status: [${pod.spec.containers
        .map(({ name }) => name)
        .join(' ')}]`,
    }),
  });
  return {
    phase: 'Pending',
    startTime: now,
    conditions: [
      condition('Initialized', 'True'),
      condition('Ready', 'False'),
      condition('ContainersReady', 'False'),
      condition('PodScheduled', 'True'),
    ],
    containerStatuses: pod.spec.containers.map(container => ({
      name: container.name,
      image: container.image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: 'ContainerCreating' } },
    })),
  };
}

/** The status of a pod whose containers run. */
export function runningStatus(
  pod: { metadata: { generation?: number }; spec: PodSpec },
  options: { now: string; ready: boolean; kubernetesMinor: number },
): PodStatus {
  const { now, ready } = options;
  const state = ready ? 'True' : 'False';
  const unready = !ready && {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${pod.spec.containers
      .map(({ name }) => name)
      .join(' ')}]`,
  };
  return {
    phase: 'Running',
    // Kubernetes reports the generation a kubelet has seen since 1.33.
    ...(options.kubernetesMinor >= 33 && {
      observedGeneration: pod.metadata.generation ?? 1,
    }),
    startTime: now,
    conditions: [
      { type: 'Initialized', status: 'True', lastTransitionTime: now },
      { type: 'Ready', status: state, lastTransitionTime: now, ...unready },
      {
        type: 'ContainersReady',
        status: state,
        lastTransitionTime: now,
        ...unready,
      },
      { type: 'PodScheduled', status: 'True', lastTransitionTime: now },
    ],
    containerStatuses: pod.spec.containers.map(container =>
      runningContainer(container, now, ready),
    ),
    ...(pod.spec.initContainers && {
      initContainerStatuses: pod.spec.initContainers.map(container =>
        isNativeSidecar(container)
          ? runningContainer(container, now, true)
          : finishedContainer(container, now),
      ),
    }),
  };
}

/** The status of a pod whose containers have all ended. */
export function finishedStatus(
  pod: Pick<Pod, 'spec' | 'status'>,
  now: string,
  exitCode: number,
): PodStatus {
  const finish = (container: Container) => ({
    ...finishedContainer(container, now, exitCode),
    // Only an init container is ready once it has ended.
    ready: false,
  });
  return {
    ...pod.status,
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    conditions: [
      {
        type: 'Initialized',
        status: 'True',
        reason: 'PodCompleted',
        lastTransitionTime: now,
      },
      {
        type: 'Ready',
        status: 'False',
        reason: 'PodCompleted',
        lastTransitionTime: now,
      },
      {
        type: 'ContainersReady',
        status: 'False',
        reason: 'PodCompleted',
        lastTransitionTime: now,
      },
      { type: 'PodScheduled', status: 'True', lastTransitionTime: now },
    ],
    containerStatuses: pod.spec.containers.map(finish),
    ...(pod.spec.initContainers && {
      initContainerStatuses: pod.spec.initContainers.map(container =>
        finishedContainer(container, now),
      ),
    }),
  };
}

function imageId(image: string): string {
  return `${image.replace(/:[^:/]*$/, '')}@sha256:${Buffer.from(image)
    .toString('hex')
    .padEnd(64, '0')
    .slice(-64)}`;
}

function runningContainer(
  container: Container,
  now: string,
  ready: boolean,
): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: imageId(container.image),
    ready,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: now } },
  };
}

function finishedContainer(
  container: Container,
  now: string,
  exitCode = 0,
): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: imageId(container.image),
    ready: exitCode === 0,
    started: false,
    restartCount: 0,
    state: {
      terminated: {
        exitCode,
        reason: exitCode === 0 ? 'Completed' : 'Error',
        startedAt: now,
        finishedAt: now,
      },
    },
  };
}
