import type { ClusterAccess } from '../../../ClusterAccess';
import type { KubeObject } from '../reader/types';

const CLUSTER_WIDE = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
]);

/** Creates objects in their order and answers them as they were stored. */
export async function create(
  cluster: ClusterAccess,
  ...objects: object[]
): Promise<KubeObject[]> {
  const created: KubeObject[] = [];
  for (const object of objects as KubeObject[]) {
    created.push(await cluster.post<KubeObject>(collectionOf(object), object));
  }
  return created;
}

function collectionOf({ apiVersion, kind, metadata }: KubeObject): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const plural = `${kind.toLowerCase()}s`;
  return CLUSTER_WIDE.has(kind)
    ? `${root}/${plural}`
    : `${root}/namespaces/${metadata.namespace}/${plural}`;
}
