import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CannotRunError, fieldValue } from './job-pod.mjs';

async function readData(api, namespace, resource, name, optional) {
  try {
    const object = await api.get(
      `/api/v1/namespaces/${namespace}/${resource}/${name}`,
    );
    if (resource === 'configmaps')
      return Object.entries(object.data ?? {}).map(([key, text]) => [
        key,
        Buffer.from(text),
      ]);
    return Object.entries(object.data ?? {}).map(([key, text]) => [
      key,
      Buffer.from(text, 'base64'),
    ]);
  } catch (error) {
    if (error.status === 404 && optional) return [];
    if (error.status === 404)
      throw new CannotRunError(
        `${resource} "${name}" of namespace ${namespace} not found`,
      );
    throw error;
  }
}

/** Writes the pod's ConfigMap, Secret and emptyDir volumes below `directory`, each in a directory of its name. */
export async function writeVolumes(api, pod, directory) {
  const { namespace } = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const target = join(directory, volume.name);
    if (volume.configMap) {
      const { name, optional, items } = volume.configMap;
      await writeFiles(
        target,
        await readData(api, namespace, 'configmaps', name, optional),
        items,
      );
    } else if (volume.secret) {
      const { secretName, optional, items } = volume.secret;
      await writeFiles(
        target,
        await readData(api, namespace, 'secrets', secretName, optional),
        items,
      );
    } else if (volume.emptyDir) {
      await mkdir(target, { recursive: true });
    } else if (!volume.projected) {
      // The projected one is the service account's, whose token the command gets as a kubeconfig.
      throw new CannotRunError(
        `the job runner cannot mount volume "${volume.name}"`,
      );
    }
  }
}

async function writeFiles(directory, data, items) {
  const paths = items && new Map(items.map(({ key, path }) => [key, path]));
  await mkdir(directory, { recursive: true });
  for (const [key, content] of data) {
    const path = paths ? paths.get(key) : key;
    if (!path) continue;
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o600 });
  }
}

/** The environment of a container: `envFrom` first, then `env`, as the kubelet does. */
export async function readEnvironment(api, pod, container) {
  const { namespace } = pod.metadata;
  const env = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ??
    []) {
    const reference = configMapRef ?? secretRef;
    const resource = configMapRef ? 'configmaps' : 'secrets';
    for (const [key, content] of await readData(
      api,
      namespace,
      resource,
      reference.name,
      reference.optional,
    )) {
      env[`${prefix}${key}`] = content.toString();
    }
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const content = valueFrom
      ? await readValue(api, pod, valueFrom)
      : value ?? '';
    if (content !== undefined) env[name] = content;
  }
  return env;
}

async function readValue(
  api,
  pod,
  { fieldRef, configMapKeyRef, secretKeyRef },
) {
  if (fieldRef) return fieldValue(pod, fieldRef.fieldPath);
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference)
    throw new CannotRunError(
      'the job runner knows fieldRef, configMapKeyRef and secretKeyRef only',
    );
  const resource = configMapKeyRef ? 'configmaps' : 'secrets';
  const data = await readData(
    api,
    pod.metadata.namespace,
    resource,
    reference.name,
    reference.optional,
  );
  const found = data.find(([key]) => key === reference.key);
  if (!found && !reference.optional)
    throw new CannotRunError(
      `${resource} "${reference.name}" has no key "${reference.key}"`,
    );
  return found?.[1].toString();
}
