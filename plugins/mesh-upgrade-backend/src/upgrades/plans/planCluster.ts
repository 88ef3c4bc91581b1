import type {
  ControlPlaneView,
  MeshClusterView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh } from '../../inventory/types';
import { MANUAL_DRIVER, planExternal } from '../drivers/manual';
import type { DriverPlan } from '../drivers/types';
import { planControlPlane } from './planControlPlane';
import { planGateways } from './planHealth';
import { planNodeAgents } from './planNodeAgents';
import type { MeshPlanOptions } from './types';

/** What upgrading one cluster takes. */
export interface ClusterDraft extends Required<Omit<DriverPlan, 'successor'>> {
  cluster: string;
  /** Names of the drivers that change something. */
  drivers: string[];
  /** Something on it is changed from here. */
  isWritten: boolean;
  /** Control planes whose health counts in the end. */
  proven: ControlPlaneView[];
}

/** Each control plane as its driver would, and the node agents and gateways in the order that Istio wants. */
export async function planCluster(
  view: MeshClusterView,
  targetVersion: string,
  options: MeshPlanOptions,
): Promise<ClusterDraft> {
  const { mesh } = options;
  const returning = options.returned !== undefined;
  const { cluster, controlPlanes } = view;
  const draft: ClusterDraft = {
    cluster,
    changes: [],
    steps: [],
    skipped: [],
    drivers: [],
    isWritten: false,
    proven: [],
  };
  const add = ({ changes, steps, skipped = [] }: DriverPlan) => {
    draft.changes.push(...changes);
    draft.steps.push(...steps);
    draft.skipped.push(...skipped);
  };
  const addAgents = async () => {
    const agents = await planNodeAgents(mesh, {
      ...options,
      cluster,
      targetVersion,
      returning,
    });
    draft.isWritten ||= agents.steps.length > 0;
    add(agents);
  };
  // No node agent may be newer than the control plane.
  if (returning) {
    await addAgents();
  }
  for (const controlPlane of controlPlanes) {
    const { driver, plan, baseline } = await planControlPlane(
      controlPlane,
      targetVersion,
      options,
    );
    draft.drivers.push(...driver);
    draft.isWritten ||= driver.some(each => each !== MANUAL_DRIVER);
    draft.steps.push(...baseline);
    add(plan);
    draft.proven.push(...successorOf(controlPlane, plan));
  }
  draft.proven = uniqueByName(draft.proven);
  if (mesh.type === 'external') {
    for (const revision of externalRevisions(mesh, cluster, targetVersion)) {
      add(planExternal(view, revision, targetVersion));
      draft.drivers.push(MANUAL_DRIVER);
    }
  }
  if (!returning) {
    await addAgents();
    add({
      changes: [],
      steps: planGateways(mesh.components, {
        cluster,
        revisions: controlPlanes.map(({ revision }) => revision),
        version: targetVersion,
      }),
    });
  }
  return draft;
}

/** The control plane whose health counts when a plan was carried out. */
function successorOf(
  controlPlane: ControlPlaneView,
  { successor }: DriverPlan,
): ControlPlaneView[] {
  return successor === 'none' ? [] : [{ ...controlPlane, ...successor }];
}

/** One that is gone back to is a successor, and there already. */
function uniqueByName(controlPlanes: ControlPlaneView[]): ControlPlaneView[] {
  return [
    ...new Map(
      controlPlanes.map(each => [`${each.namespace}/${each.name}`, each]),
    ).values(),
  ];
}

/** Revisions of a cluster whose istiod is out of sight and not yet known to be at a version. */
function externalRevisions(
  mesh: InventoriedMesh,
  cluster: string,
  targetVersion: string,
) {
  return mesh.revisions.filter(
    each =>
      each.cluster === cluster &&
      each.controlPlane === undefined &&
      each.injects !== targetVersion,
  );
}
