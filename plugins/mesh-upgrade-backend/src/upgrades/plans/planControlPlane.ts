import { InputError } from '@backstage/errors';
import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { rolloutOf } from '../../kubernetes/rollout';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';
import { MANUAL_UPGRADE_ACTION } from '../actuators/manualUpgrade';
import { MANUAL_DRIVER, planManually } from '../drivers/manual';
import type { DriverPlan, PlannedStep } from '../drivers/types';
import { clientFor } from '../kubernetes/clientFor';
import { planBaseline } from './planHealth';
import type { MeshPlanOptions } from './types';

/**
 * What its driver would do, by hand where no driver can, nothing where it is
 * at the version; and what is counted before.
 *
 * @throws InputError when its driver refuses, or knows no way back
 */
export async function planControlPlane(
  controlPlane: ControlPlaneView,
  targetVersion: string,
  options: MeshPlanOptions,
): Promise<{ driver: string[]; plan: DriverPlan; baseline: PlannedStep[] }> {
  const { cluster, namespace, name, install } = controlPlane;
  const { signal, returned } = options;
  const client = clientFor(options.clusters, cluster);
  const deployment = await client.get<Deployment>(
    { ...DEPLOYMENTS, namespace, name },
    { signal },
  );
  const driver = options.drivers.find(
    ({ method }) => method === install.method,
  );
  const input = { client, controlPlane, deployment, targetVersion, signal };
  const isThere =
    istiodVersion(deployment) === targetVersion &&
    rolloutOf(deployment).complete;
  // On the way back an istiod that is there may be one that nobody uses yet.
  if (isThere && !(returned && driver?.planReturn)) {
    return { driver: [], plan: { changes: [], steps: [] }, baseline: [] };
  }
  if (returned && !driver?.planReturn) {
    throw new InputError(noReturn(controlPlane));
  }
  const plan = returned
    ? await driver!.planReturn!({ ...input, returned })
    : (await driver?.plan(input)) ?? planManually(controlPlane, targetVersion);
  // Nobody has yet been connected to a control plane that takes its place.
  const isCounted = plan.steps.length > 0 && plan.successor === undefined;
  return {
    driver: driverOf(plan, install.method),
    plan,
    baseline: isCounted
      ? await planBaseline(client, controlPlane, {
          version: targetVersion,
          signal,
        })
      : [],
  };
}

/** What a driver leaves to people, as where another cluster has what it would change, is done by hand. */
function driverOf({ steps }: DriverPlan, method: string): string[] {
  if (steps.length === 0) {
    return [];
  }
  return [
    steps.every(({ action }) => action === MANUAL_UPGRADE_ACTION)
      ? MANUAL_DRIVER
      : method,
  ];
}

function noReturn({
  cluster,
  namespace,
  name,
  install,
}: ControlPlaneView): string {
  const way: Partial<Record<string, string>> = {
    flux: 'set the former chart version where Flux reads it, in Git or in its source',
    argocd:
      'set the former chart version where Argo CD reads it, in Git or in its Application',
    istioctl:
      'the file that it was installed with belongs to the present version; with the file and the istioctl of then: istioctl upgrade -f <that file>',
  };
  return `Cluster '${cluster}', Deployment ${namespace}/${name} is not taken back from here (${install.evidence.join(
    '; ',
  )}): ${way[install.method] ?? 'go back with the tool that installed it'}`;
}
