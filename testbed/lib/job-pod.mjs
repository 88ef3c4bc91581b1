import { join } from 'node:path';
import { kubeTime } from './kube-time.mjs';

export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const PRODUCT = 'mesh-upgrade';

/** Thrown for what a real node could run and the job runner cannot; the message becomes the container's. */
export class CannotRunError extends Error {}

/** Replaces `$(NAME)` as Kubernetes does: unknown names stay, `$$` becomes `$`. */
export function expandVariables(text, env) {
  return text.replaceAll(/\$\$|\$\(([^)]+)\)/g, (found, name) => {
    if (found === '$$') return '$';
    return env[name] ?? found;
  });
}

/** Replaces the mount paths of a container by the directories of this machine that stand for them. */
export function rewriteMountPaths(text, mounts) {
  const directories = new Map(
    mounts.map(({ mountPath, directory }) => [
      mountPath.replace(/\/+$/, ''),
      directory,
    ]),
  );
  if (directories.size === 0) return text;
  const patterns = [...directories.keys()]
    .sort((a, b) => b.length - a.length)
    .map(path => path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  // At once: a directory of this machine may itself begin as another mount does.
  return text.replaceAll(
    new RegExp(`(?<![\\w./-])(?:${patterns.join('|')})(?![\\w.-])`, 'g'),
    path => directories.get(path),
  );
}

/** Where each mount of the container is on this machine, below the pod's directory of volumes. */
export function mountsOf(container, volumesDirectory) {
  return (container.volumeMounts ?? []).map(({ name, mountPath, subPath }) => ({
    mountPath,
    directory: join(volumesDirectory, name, subPath ?? ''),
  }));
}

/** The value of a `fieldRef` for the fields that commands ask for. */
export function fieldValue(pod, path) {
  const fields = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec.nodeName,
    'spec.serviceAccountName': pod.spec.serviceAccountName,
    'status.podIP': pod.status.podIP,
  };
  if (!(path in fields))
    throw new CannotRunError(`the job runner does not know the field ${path}`);
  return fields[path];
}

// Images are empty here, so the entry point of the usual tool images is told by their name (alpine/helm, bitnami/kubectl).
function entryPoint(image, programNames) {
  const name = image.split('@')[0].split('/').at(-1).split(':')[0];
  if (programNames.includes(name)) return [name];
  throw new CannotRunError(
    `image ${image} has no entry point the job runner knows; give the container a command`,
  );
}

/** The program and arguments of a container as they run on this machine. */
export function commandLine(container, { env, mounts, programNames }) {
  const command = container.command?.length
    ? container.command
    : entryPoint(container.image, programNames);
  return [...command, ...(container.args ?? [])].map(word =>
    rewriteMountPaths(expandVariables(word, env), mounts),
  );
}

/** The container's state after its command ended. `exit` is what the job process wrote. */
export function terminatedState({
  exitCode,
  reason,
  message,
  startedAt,
  finishedAt,
}) {
  return {
    terminated: {
      exitCode,
      reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
      ...(message && { message }),
      startedAt,
      finishedAt,
    },
  };
}

/** The status of a pod whose containers ended as `exits` (by container name) says. */
export function finishedStatus(pod, exits, { reason, message } = {}) {
  const failed = Object.values(exits).some(({ exitCode }) => exitCode !== 0);
  const at = Object.values(exits)
    .map(({ finishedAt }) => finishedAt)
    .sort()
    .at(-1);
  const phase = failed ? 'Failed' : 'Succeeded';
  const unready = {
    status: 'False',
    reason: failed ? 'PodFailed' : 'PodCompleted',
    lastTransitionTime: at,
  };
  return {
    phase,
    ...(reason && { reason }),
    ...(message && { message }),
    conditions: (pod.status.conditions ?? []).map(condition =>
      condition.type === 'Ready' || condition.type === 'ContainersReady'
        ? { ...condition, ...unready }
        : condition,
    ),
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      ...(pod.status.containerStatuses?.find(
        status => status.name === name,
      ) ?? { name, image, imageID: image, restartCount: 0 }),
      ready: false,
      started: false,
      state: terminatedState(exits[name]),
    })),
  };
}

/** The same end for every container of the pod, at this moment. */
export function sameExits(pod, exit) {
  const at = kubeTime();
  return Object.fromEntries(
    pod.spec.containers.map(({ name }) => [
      name,
      { ...exit, startedAt: at, finishedAt: at },
    ]),
  );
}

export function isFinished({ status }) {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

/** The status of a pod whose image does not exist. */
export function imagePullStatus(pod, message) {
  return {
    phase: 'Pending',
    conditions: (pod.status.conditions ?? []).map(condition =>
      condition.type === 'Ready' || condition.type === 'ContainersReady'
        ? { ...condition, status: 'False', reason: 'ContainersNotReady' }
        : condition,
    ),
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      name,
      image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: 'ErrImagePull', message } },
    })),
  };
}
