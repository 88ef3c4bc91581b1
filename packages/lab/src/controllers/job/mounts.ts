import type { Cluster } from '../../cluster/Cluster';
import { CONFIG_MAPS, SECRETS } from '../../kubernetes/resources';
import type { Container, Pod } from '../../kubernetes/types';

/** A file that a container sees of a ConfigMap or Secret; `undefined` when it sees none at this path. */
export function readMounted(
  cluster: Cluster,
  { metadata: { namespace }, spec: { volumes = [] } }: Pod,
  { volumeMounts = [] }: Container,
  path: string,
): string | undefined {
  const mount = volumeMounts.find(({ mountPath }) =>
    path.startsWith(`${mountPath}/`),
  );
  const volume = volumes.find(({ name }) => name === mount?.name);
  if (!mount || !volume) {
    return undefined;
  }
  const key = path.slice(mount.mountPath.length + 1);
  const { configMap, secret } = volume as {
    configMap?: { name: string };
    secret?: { secretName: string };
  };
  if (configMap) {
    return cluster.store.get(CONFIG_MAPS, namespace, configMap.name)?.data?.[
      key
    ];
  }
  const encoded =
    secret &&
    cluster.store.get(SECRETS, namespace, secret.secretName)?.data?.[key];
  return encoded && Buffer.from(encoded, 'base64').toString();
}
