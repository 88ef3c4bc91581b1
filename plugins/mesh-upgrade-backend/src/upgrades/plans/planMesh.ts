import { InputError } from '@backstage/errors';
import type {
  ControlPlaneView,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import { istiodVersion } from '../actuators/controlPlane';
import type { ControlPlaneDriver, DriverPlan } from '../drivers/types';
import { foreignInstallation } from '../drivers/foreignInstallation';
import { unknownInstallation } from '../drivers/unknownInstallation';
import { clientFor } from '../kubernetes/clientFor';
import { rolloutOf } from '../../kubernetes/rollout';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { hashPlan } from './hashPlan';
import { orderClusters, stageOf } from './orderClusters';
import { planBaseline, planGateways, planHealth } from './planHealth';
import { planNodeAgents, type NodeAgentPlan } from './planNodeAgents';
import type { DraftRun } from './types';

/** Plans a mesh: cluster by cluster each control plane as its driver would and the node agents after it, then a health check of all; canaries pass theirs before any other cluster begins. */
export async function planMesh(
  subject: UpgradeSubject & { kind: 'mesh' },
  options: {
    mesh: InventoriedMesh;
    clusters: ClusterRegistry;
    drivers: ControlPlaneDriver[];
    /** Clusters that are upgraded and proven before all others. */
    canaryClusters: string[];
    signal: AbortSignal;
  },
): Promise<DraftRun> {
  const { mesh, canaryClusters } = options;
  const { targetVersion } = subject;
  const ordered = orderClusters(mesh.clusters, canaryClusters);
  const controlPlanes = mesh.clusters.flatMap(each => each.controlPlanes);
  refuseUnplannable(mesh, controlPlanes);
  const total: DriverPlan = { changes: [], steps: [] };
  const methods = new Set<string>();
  const skipped: NodeAgentPlan['skipped'] = [];
  const add = ({ changes, steps }: DriverPlan) => {
    total.changes.push(...changes);
    total.steps.push(...steps);
  };
  // One after the other: the first problem is the one to be told.
  for (const { cluster, controlPlanes: own } of ordered) {
    for (const controlPlane of own) {
      const plan = await planControlPlane(controlPlane, targetVersion, options);
      if (plan.steps.length > 0) {
        methods.add(controlPlane.install.method);
        total.steps.push(
          ...(await planBaseline(
            clientFor(options.clusters, cluster),
            controlPlane,
            { version: targetVersion, signal: options.signal },
          )),
        );
      }
      add(plan);
    }
    const agents = await planNodeAgents(mesh, {
      ...options,
      cluster,
      targetVersion,
    });
    add(agents);
    skipped.push(...agents.skipped);
    total.steps.push(
      ...planGateways(mesh.components, {
        cluster,
        revisions: own.map(({ revision }) => revision),
        version: targetVersion,
      }),
    );
  }
  if (total.changes.length === 0) {
    throw new InputError(
      `Every control plane and node agent of mesh '${mesh.name}' is at ${targetVersion} already`,
    );
  }
  const stages = new Map(
    ordered.map(each => [each.cluster, stageOf(each, canaryClusters)]),
  );
  const steps = [
    ...total.steps,
    ...ordered.flatMap(each => planHealth(each.controlPlanes, targetVersion)),
  ];
  return {
    steps: steps.map(step => ({ ...step, stage: stages.get(step.cluster) })),
    plan: {
      hash: hashPlan(subject, total.changes),
      kind: 'mesh',
      meshId: mesh.id,
      fromVersion: mesh.version,
      targetVersion,
      driver: [...methods].join(', '),
      changes: total.changes,
      pods: controlPlanes.reduce((sum, each) => sum + each.desiredReplicas, 0),
      skipped,
    },
  };
}

function refuseUnplannable(
  mesh: InventoriedMesh,
  controlPlanes: ControlPlaneView[],
) {
  if (mesh.type === 'external') {
    throw new InputError(
      `Mesh '${mesh.name}' is external: its control plane is upgraded by its provider`,
    );
  }
  if (controlPlanes.length === 0) {
    throw new InputError(
      `No control plane of mesh '${mesh.name}' was seen: ${
        mesh.reasons.join(' ') || 'look at the health of its clusters'
      }`,
    );
  }
}

async function planControlPlane(
  controlPlane: ControlPlaneView,
  targetVersion: string,
  options: {
    clusters: ClusterRegistry;
    drivers: ControlPlaneDriver[];
    signal: AbortSignal;
  },
): Promise<DriverPlan> {
  const { cluster, namespace, name, install } = controlPlane;
  const driver = options.drivers.find(
    ({ method }) => method === install.method,
  );
  if (!driver) {
    throw (
      foreignInstallation(controlPlane, targetVersion) ??
      unknownInstallation(controlPlane, targetVersion)
    );
  }
  const { signal } = options;
  const client = clientFor(options.clusters, cluster);
  const deployment = await client.get<Deployment>(
    { ...DEPLOYMENTS, namespace, name },
    { signal },
  );
  const isThere =
    istiodVersion(deployment) === targetVersion &&
    rolloutOf(deployment).complete;
  return isThere
    ? { changes: [], steps: [] }
    : driver.plan({ client, controlPlane, deployment, targetVersion, signal });
}

/** @throws InputError when nobody knows the mesh */
export function assertMesh(
  mesh: InventoriedMesh | undefined,
  id: string,
): asserts mesh is InventoriedMesh {
  if (!mesh) {
    throw new InputError(`No mesh '${id}' is known`);
  }
}
