import { InputError } from '@backstage/errors';
import { listAll } from '../../clusters/listAll';
import { orUndefined } from '../../clusters/notFound';
import {
  ISTIO_REVISIONS,
  istioBehind,
  istioRevisionOf,
  type IstioRevision,
} from '../../kubernetes/sail';
import { ISTIOS, type Istio } from '../../kubernetes/types';
import type { DriverInput, DriverPlan } from './types';

/** The `Istio` that an istiod stands for, or why that istiod is nobody's any more. */
export type FoundIstio =
  | { kind: 'active'; istio: Istio }
  | { kind: 'left'; istio: Istio; plan: DriverPlan };

/**
 * Finds the `Istio` behind a control plane. One whose revision the `Istio` has
 * left stays as it is until nobody uses it: the operator removes it then.
 *
 * @throws InputError when no `Istio` stands behind it
 */
export async function findIstio(
  input: Pick<DriverInput, 'client' | 'controlPlane' | 'deployment' | 'signal'>,
): Promise<FoundIstio> {
  const { client, controlPlane, deployment, signal } = input;
  const { cluster, namespace, name } = controlPlane;
  const istios = await listAll<Istio>(client, ISTIOS, { signal });
  const istio = istioBehind(deployment, {
    istios,
    revision: controlPlane.revision,
  });
  if (istio) {
    return { kind: 'active', istio };
  }
  const revisionName = istioRevisionOf(deployment);
  const revision =
    revisionName === undefined
      ? undefined
      : await orUndefined(
          client.get<IstioRevision>(
            { ...ISTIO_REVISIONS, name: revisionName },
            { signal },
          ),
        );
  const owner = revision?.metadata.ownerReferences?.find(
    ({ kind }) => kind === 'Istio',
  );
  const former = istios.find(({ metadata }) => metadata.name === owner?.name);
  const active = former?.status?.activeRevisionName;
  if (!former || !active) {
    throw new InputError(
      `Cluster '${cluster}': no Istio object is active for Deployment ${namespace}/${name}, whose IstioRevision is '${
        revisionName ?? 'unknown'
      }'; look at kubectl get istios`,
    );
  }
  return {
    kind: 'left',
    istio: former,
    plan: {
      changes: [],
      steps: [],
      successor: 'none',
      skipped: [
        {
          workload: `${cluster}/${namespace}/Deployment/${name}`,
          reason: `Istio ${former.metadata.name} stands for revision ${active}; revision ${revisionName} stays as it is while anything uses it, then the Sail operator removes it`,
        },
      ],
    },
  };
}
