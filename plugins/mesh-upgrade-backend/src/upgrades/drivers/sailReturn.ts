import { InputError } from '@backstage/errors';
import { listAll } from '../../clusters/listAll';
import {
  ISTIO_REVISIONS,
  specVersionOf,
  type IstioRevision,
} from '../../kubernetes/sail';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';
import { orUndefined } from '../../clusters/notFound';
import { findIstio } from './sailIstio';
import { planRevision } from './sailRevision';
import { refuseUnlessOurs } from './sailVersion';
import type { DriverInput, DriverPlan } from './types';

/**
 * Plans that an `Istio` stands for its former revision again, which still
 * runs. In place there is none: the operator would step the one istiod down
 * below proxies that it serves.
 *
 * @throws InputError when no former revision runs at that version
 */
export async function planSailReturn(input: DriverInput): Promise<DriverPlan> {
  const { controlPlane, targetVersion } = input;
  const { cluster } = controlPlane;
  const found = await findIstio(input);
  if (found.kind === 'left') {
    return found.plan;
  }
  const { istio } = found;
  const { name } = istio.metadata;
  refuseUnlessOurs(istio, { cluster, kind: 'Istio', targetVersion });
  if (istio.spec.updateStrategy?.type !== 'RevisionBased') {
    throw new InputError(
      `Cluster '${cluster}', Istio ${name} is upgraded in place, so that the former control plane does not exist any more; go on to a newer version, or set spec.version by hand after reading the notes of both versions`,
    );
  }
  const former = await formerRevision(input, name);
  if (!former) {
    throw new InputError(
      `Cluster '${cluster}', Istio ${name}: no former revision runs ${targetVersion} any more; the Sail operator removes one that nobody uses after inactiveRevisionDeletionGracePeriodSeconds`,
    );
  }
  return planRevision(input, istio, former);
}

/** The `spec.version` of a revision of this `Istio` whose istiod runs the wanted version. */
async function formerRevision(
  { client, controlPlane, targetVersion, signal }: DriverInput,
  istio: string,
): Promise<string | undefined> {
  const revisions = await listAll<IstioRevision>(client, ISTIO_REVISIONS, {
    signal,
  });
  for (const { metadata } of revisions) {
    const specVersion = specVersionOf(istio, metadata.name);
    const isOwn = metadata.ownerReferences?.some(
      owner => owner.kind === 'Istio' && owner.name === istio,
    );
    if (
      specVersion === undefined ||
      !isOwn ||
      metadata.deletionTimestamp !== undefined
    ) {
      continue;
    }
    const istiod = await orUndefined(
      client.get<Deployment>(
        {
          ...DEPLOYMENTS,
          namespace: controlPlane.namespace,
          name: `istiod-${metadata.name}`,
        },
        { signal },
      ),
    );
    if (istiod && istiodVersion(istiod) === targetVersion) {
      return specVersion;
    }
  }
  return undefined;
}
