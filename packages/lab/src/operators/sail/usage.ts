import {
  ISTIO_REVISION_TAGS,
  NAMESPACES,
  PODS,
} from '../../kubernetes/resources';
import type {
  IstioRevisionTag,
  KubeObject,
  StringMap,
} from '../../kubernetes/types';
import type { OperatorCluster } from '../Operator';

const REVISION = 'istio.io/rev';

/** Whether a namespace or pod asks for a revision or a tag of this name. Ended pods count, as with the real operator. */
export async function isReferenced(
  cluster: OperatorCluster,
  name: string,
): Promise<boolean> {
  const namespaces = await cluster.list(NAMESPACES);
  if (namespaces.some(namespace => namespaceAsksFor(namespace, name))) {
    return true;
  }
  return (await cluster.list(PODS)).some(pod => podAsksFor(pod, name));
}

/** A revision is also in use when a tag that leads to it is. */
export async function isRevisionInUse(
  cluster: OperatorCluster,
  name: string,
): Promise<boolean> {
  const tags = (await cluster.list(ISTIO_REVISION_TAGS)).filter(
    ({ status }: IstioRevisionTag) => status?.istioRevision === name,
  );
  for (const each of [name, ...tags.map(tag => tag.metadata.name)]) {
    if (await isReferenced(cluster, each)) {
      return true;
    }
  }
  return false;
}

function namespaceAsksFor({ metadata: { labels } }: KubeObject, name: string) {
  return labels?.['istio-injection'] === undefined
    ? revisionIn(labels) === name
    : name === 'default' && labels['istio-injection'] === 'enabled';
}

/** istiod's own pods name their revision too, but want no sidecar. */
function podAsksFor(
  { metadata: { labels, annotations } }: KubeObject,
  name: string,
): boolean {
  return (
    labels?.['sidecar.istio.io/inject'] !== 'false' &&
    (revisionIn(labels) === name || revisionIn(annotations) === name)
  );
}

function revisionIn(values: StringMap | undefined): string | undefined {
  return values?.[REVISION];
}
