import type { KubernetesClient } from '../clusters/types';
import { versionOfImage } from '../inventory/rules/image';
import { listAll } from '../clusters/listAll';
import {
  PODS,
  REPLICA_SETS,
  type ContainerStatus,
  type DaemonSet,
  type Deployment,
  type Pod,
  type Selector,
} from './types';

const PROXY = 'istio-proxy';
/** Reasons that pass by themselves while a pod starts. */
const USUAL = new Set(['ContainerCreating', 'PodInitializing']);
/** Reasons of conditions that every pod has until it is Ready. */
const USUAL_AT_FIRST = new Set([
  'ContainersNotReady',
  'ContainersNotInitialized',
]);
const STARTING_MS = 30_000;

/** The sidecar of a pod. */
export interface ProxyContainer {
  /** As the pod runs it; as it is specified before it runs. */
  image: string;
  version?: string;
  running: boolean;
  /** In Kubernetes' own words, when it crashes over and over. */
  crash?: string;
}

/** Pods of a Deployment, through its ReplicaSets, that are neither completed nor going. */
export async function livePodsOf(
  client: KubernetesClient,
  deployment: Deployment,
  options: { signal?: AbortSignal },
): Promise<Pod[]> {
  const selection = {
    namespace: deployment.metadata.namespace,
    labelSelector: selectorToString(deployment.spec.selector),
    signal: options.signal,
  };
  const [replicaSets, pods] = await Promise.all([
    listAll(client, REPLICA_SETS, selection),
    listAll<Pod>(client, PODS, selection),
  ]);
  // Selectors of two Deployments may overlap; owners never do.
  const owners = new Set(
    replicaSets
      .filter(set => controllerUid(set) === deployment.metadata.uid)
      .map(set => set.metadata.uid),
  );
  return pods.filter(pod => isLive(pod) && owners.has(controllerUid(pod)));
}

/** Pods of a DaemonSet that are neither completed nor going. */
export async function livePodsOfDaemonSet(
  client: KubernetesClient,
  { metadata, spec }: DaemonSet,
  options: { signal?: AbortSignal },
): Promise<Pod[]> {
  const pods = await listAll<Pod>(client, PODS, {
    namespace: metadata.namespace,
    labelSelector: selectorToString(spec.selector),
    signal: options.signal,
  });
  return pods.filter(pod => isLive(pod) && controllerUid(pod) === metadata.uid);
}

/** False for completed and terminating pods. */
export function isLive(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    pod.status?.phase !== 'Succeeded' &&
    pod.status?.phase !== 'Failed'
  );
}

/** True when the pod takes traffic. */
export function isReady(pod: Pod): boolean {
  return Boolean(
    pod.status?.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ),
  );
}

/** The sidecar, whether an ordinary or a native one. */
export function proxyOf(pod: Pod): ProxyContainer | undefined {
  const spec = [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []),
  ].find(container => container.name === PROXY);
  if (!spec) {
    return undefined;
  }
  const status = statusesOf(pod).find(({ name }) => name === PROXY);
  // A runtime may report the image by digest alone.
  const image =
    [status?.image, spec.image].find(versionOfImage) ?? spec.image ?? '';
  return {
    image,
    version: versionOfImage(image),
    running: status?.state?.running !== undefined,
    crash: status && crashOf(status),
  };
}

/** What keeps pods from being Ready, in Kubernetes' own words; undefined when nothing is told. */
export function problemOf(pod: Pod, now = new Date()): string | undefined {
  for (const status of statusesOf(pod)) {
    const waiting = status.state?.waiting;
    if (waiting?.reason && !USUAL.has(waiting.reason)) {
      return `${pod.metadata.name}: ${status.name} ${words(waiting)}`;
    }
    const terminated = status.state?.terminated;
    if (terminated?.exitCode) {
      return `${pod.metadata.name}: ${status.name} ${words(terminated)}`;
    }
  }
  const { creationTimestamp } = pod.metadata;
  const starting =
    creationTimestamp !== undefined &&
    now.getTime() - Date.parse(creationTimestamp) < STARTING_MS;
  const failing = pod.status?.conditions?.find(
    ({ status, reason, message }) =>
      status === 'False' &&
      message &&
      !(starting && USUAL_AT_FIRST.has(reason ?? '')),
  );
  if (failing) {
    return `${pod.metadata.name}: ${words(failing)}`;
  }
  // A lost node takes the pod's readiness without a word on the pod.
  const node = pod.spec?.nodeName;
  return node && !starting && pod.status?.phase === 'Running' && !isReady(pod)
    ? `${pod.metadata.name}: its containers run but it is not Ready; look at node ${node}`
    : undefined;
}

/** The first problem among pods that are not Ready. */
export function firstProblem(pods: Pod[]): string | undefined {
  return pods
    .filter(pod => !isReady(pod))
    .map(pod => problemOf(pod))
    .find(Boolean);
}

/** A crash that repeats, among the containers of a pod. */
export function crashLoopOf(pod: Pod): string | undefined {
  const status = statusesOf(pod).find(crashOf);
  return status && `${pod.metadata.name}: ${status.name} ${crashOf(status)}`;
}

/** The query form of a label selector. */
export function selectorToString(selector: Selector): string {
  const equal = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return `${key} in (${values.join(',')})`;
        case 'NotIn':
          return `${key} notin (${values.join(',')})`;
        case 'Exists':
          return key;
        default:
          return `!${key}`;
      }
    },
  );
  return [...equal, ...expressions].join(',');
}

function statusesOf(pod: Pod): ContainerStatus[] {
  return [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
}

function crashOf({ state, lastState }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason !== 'CrashLoopBackOff') {
    return undefined;
  }
  const last = lastState?.terminated;
  const cause = last ? `; last exit code ${last.exitCode}` : '';
  return `${words(state.waiting)}${cause}`;
}

function words(of: { reason?: string; message?: string }): string {
  return [of.reason, of.message].filter(Boolean).join(': ');
}

function controllerUid(object: {
  metadata: { ownerReferences?: { uid: string; controller?: boolean }[] };
}): string | undefined {
  return object.metadata.ownerReferences?.find(owner => owner.controller)?.uid;
}
