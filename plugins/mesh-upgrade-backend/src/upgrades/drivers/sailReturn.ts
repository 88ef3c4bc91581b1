import { InputError } from '@backstage/errors';
import { orUndefined } from '../../clusters/notFound';
import {
  ISTIO_REVISIONS,
  revisionNameOf,
  type IstioRevision,
} from '../../kubernetes/sail';
import {
  DEPLOYMENTS,
  type Deployment,
  type Istio,
} from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';
import {
  SAIL_ISTIO_ACTION,
  type SailIstioParameters,
} from '../actuators/sailIstio';
import type { Step } from '../types';
import { findIstio } from './sailIstio';
import { planRevision } from './sailRevision';
import { refuseUnlessOurs } from './sailVersion';
import type { DriverInput, DriverPlan } from './types';

/**
 * Plans that an `Istio` stands for its former revision again, which still
 * runs. In place there is none: the operator would step the one istiod down
 * below proxies that it serves.
 *
 * @throws InputError when the former revision does not run any more
 */
export async function planSailReturn(
  input: DriverInput & { returned: Step[] },
): Promise<DriverPlan> {
  const { controlPlane, targetVersion } = input;
  const { cluster } = controlPlane;
  const found = await findIstio(input);
  const { istio } = found;
  const { name } = istio.metadata;
  const before = formerSpecVersion(input, name);
  if (found.kind === 'left' && (await isActivePlanned(istio, input))) {
    const isTarget =
      before !== undefined &&
      controlPlane.revision === revisionNameOf(name, before);
    // The plan of the active revision tells what becomes of it.
    return isTarget ? { ...found.plan, skipped: [] } : found.plan;
  }
  refuseUnlessOurs(istio, { cluster, kind: 'Istio', targetVersion });
  if (
    istio.spec.updateStrategy?.type !== 'RevisionBased' ||
    before === undefined
  ) {
    throw new InputError(
      `Cluster '${cluster}', Istio ${name} was upgraded in place, so that the former control plane does not exist any more; go on to a newer version, or set spec.version by hand after reading the notes of both versions`,
    );
  }
  const revision = revisionNameOf(name, before);
  if (!(await stillRuns(revision, input))) {
    throw new InputError(
      `Cluster '${cluster}', Istio ${name}: revision ${revision} does not run ${targetVersion} any more; the Sail operator removes a revision that nobody uses after inactiveRevisionDeletionGracePeriodSeconds`,
    );
  }
  return planRevision(input, istio, before);
}

/** The active revision may have got no istiod at all; then its former one is where the return is planned. */
async function isActivePlanned(
  { status }: Istio,
  { client, controlPlane, signal }: DriverInput,
): Promise<boolean> {
  const active = await orUndefined(
    client.get(
      {
        ...DEPLOYMENTS,
        namespace: controlPlane.namespace,
        name: `istiod-${status?.activeRevisionName}`,
      },
      { signal },
    ),
  );
  return active !== undefined;
}

function formerSpecVersion(
  { controlPlane, returned }: DriverInput & { returned: Step[] },
  istio: string,
): string | undefined {
  const step = returned.find(
    ({ action, cluster, parameters }) =>
      action === SAIL_ISTIO_ACTION &&
      cluster === controlPlane.cluster &&
      parameters.kind === undefined &&
      parameters.istio === istio,
  );
  return (step?.parameters as SailIstioParameters | undefined)?.before;
}

async function stillRuns(
  revision: string,
  { client, controlPlane, targetVersion, signal }: DriverInput,
): Promise<boolean> {
  const { namespace } = controlPlane;
  const name = `istiod-${revision}`;
  const [object, istiod] = await Promise.all([
    orUndefined(
      client.get<IstioRevision>(
        { ...ISTIO_REVISIONS, name: revision },
        { signal },
      ),
    ),
    orUndefined(
      client.get<Deployment>({ ...DEPLOYMENTS, namespace, name }, { signal }),
    ),
  ]);
  return (
    object?.metadata.deletionTimestamp === undefined &&
    istiod !== undefined &&
    istiodVersion(istiod) === targetVersion
  );
}
