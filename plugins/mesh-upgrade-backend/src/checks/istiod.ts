import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { istioBehind } from '../kubernetes/sail';
import {
  DEPLOYMENTS,
  ISTIOS,
  type Deployment,
  type Istio,
} from '../kubernetes/types';
import type { ClusterCheckContext } from './types';

type Reads = Pick<ClusterCheckContext, 'client' | 'once' | 'list'>;

/** Install methods whose `Istio` objects the Sail operator keeps. */
export const BY_OPERATOR: ReadonlySet<string> = new Set(['sail', 'openshift']);

/** How evidence names a control plane. */
export function istiodName(controlPlane: ControlPlaneView): string {
  return `Deployment ${controlPlane.namespace}/${controlPlane.name}`;
}

/** istiod's Deployment as it is now; asked once per report. */
export function istiodOf<T extends Deployment = Deployment>(
  controlPlane: ControlPlaneView,
  { client, once }: Reads,
): Promise<T> {
  const { namespace, name } = controlPlane;
  return once(`deployment ${client.cluster}/${namespace}/${name}`, signal =>
    client.get<T>({ ...DEPLOYMENTS, namespace, name }, { signal }),
  );
}

/** The `Istio` that the Sail operator makes istiod from; undefined where no operator does. */
export async function operatedIstioOf(
  controlPlane: ControlPlaneView,
  reads: Reads,
): Promise<Istio | undefined> {
  if (!BY_OPERATOR.has(controlPlane.install.method)) {
    return undefined;
  }
  const [deployment, istios] = await Promise.all([
    istiodOf(controlPlane, reads),
    reads.list<Istio>(ISTIOS),
  ]);
  return istioBehind(deployment, { istios, revision: controlPlane.revision });
}
