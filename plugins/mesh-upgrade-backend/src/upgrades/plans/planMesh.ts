import { InputError } from '@backstage/errors';
import type {
  ControlPlaneView,
  MeshClusterView,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import { istiodVersion } from '../actuators/controlPlane';
import type {
  ControlPlaneDriver,
  DriverPlan,
  PlannedStep,
} from '../drivers/types';
import { MANUAL_UPGRADE_ACTION } from '../actuators/manualUpgrade';
import { MANUAL_DRIVER, planExternal, planManually } from '../drivers/manual';
import { clientFor } from '../kubernetes/clientFor';
import { rolloutOf } from '../../kubernetes/rollout';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { hashPlan } from './hashPlan';
import { LAST_STAGE, orderClusters, stageOf } from './orderClusters';
import { planBaseline, planGateways, planHealth } from './planHealth';
import { planNodeAgents } from './planNodeAgents';
import type { Step } from '../types';
import type { DraftRun } from './types';

/** What upgrading one cluster takes. */
interface ClusterDraft extends Required<Omit<DriverPlan, 'successor'>> {
  cluster: string;
  /** Names of the drivers that change something. */
  drivers: string[];
  /** Something on it is changed from here. */
  isWritten: boolean;
  /** Control planes whose health counts in the end. */
  proven: ControlPlaneView[];
}

interface PlanOptions {
  mesh: InventoriedMesh;
  clusters: ClusterRegistry;
  drivers: ControlPlaneDriver[];
  /** Clusters that are upgraded and proven before all others. */
  canaryClusters: string[];
  /** Steps of the run that is taken back: everything in the opposite order, each by its driver's way back. */
  returned?: Step[];
  signal: AbortSignal;
}

/** Plans a mesh: cluster by cluster each control plane as its driver would and the node agents after it, then a health check of all; canaries pass theirs before any other cluster begins. */
export async function planMesh(
  subject: UpgradeSubject & { kind: 'mesh' },
  options: PlanOptions,
): Promise<DraftRun> {
  const { mesh, canaryClusters } = options;
  const returning = options.returned !== undefined;
  const { targetVersion } = subject;
  const controlPlanes = mesh.clusters.flatMap(each => each.controlPlanes);
  refuseUnplannable(mesh, controlPlanes, returning);
  const ordered = orderClusters(mesh.clusters, canaryClusters);
  if (returning) {
    ordered.reverse();
  }
  const drafts: ClusterDraft[] = [];
  // One after the other: the first problem is the one to be told.
  for (const cluster of ordered) {
    drafts.push(await planCluster(cluster, targetVersion, options));
  }
  const changes = drafts.flatMap(draft => draft.changes);
  if (changes.length === 0) {
    throw new InputError(
      `Every control plane and node agent of mesh '${mesh.name}' is at ${targetVersion} already`,
    );
  }
  const stages = new Map(
    ordered.map(each => {
      const stage = stageOf(each, canaryClusters);
      return [each.cluster, returning ? LAST_STAGE - stage : stage];
    }),
  );
  const steps = [
    ...drafts.flatMap(draft => draft.steps.filter(isUpgrade)),
    ...drafts.flatMap(draft => [
      ...draft.steps.filter(step => !isUpgrade(step)),
      ...planHealth(draft.proven, targetVersion),
    ]),
  ];
  return {
    handsOff: drafts
      .filter(({ isWritten }) => !isWritten)
      .map(({ cluster }) => cluster),
    steps: steps.map(step => ({ ...step, stage: stages.get(step.cluster) })),
    plan: {
      hash: hashPlan(subject, changes),
      kind: 'mesh',
      meshId: mesh.id,
      fromVersion: mesh.version,
      targetVersion,
      driver: [...new Set(drafts.flatMap(draft => draft.drivers))].join(', '),
      changes,
      pods: controlPlanes.reduce((sum, each) => sum + each.desiredReplicas, 0),
      skipped: drafts.flatMap(draft => draft.skipped),
    },
  };
}

function isUpgrade({ phase }: PlannedStep): boolean {
  return phase === 'upgrade';
}

async function planCluster(
  view: MeshClusterView,
  targetVersion: string,
  options: PlanOptions,
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

function refuseUnplannable(
  mesh: InventoriedMesh,
  controlPlanes: ControlPlaneView[],
  returning: boolean,
) {
  if (mesh.type === 'external') {
    if (returning) {
      throw new InputError(
        `Mesh '${mesh.name}' is external: only its provider can take its control plane back`,
      );
    }
    return;
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
  options: PlanOptions,
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

/** @throws InputError when nobody knows the mesh */
export function assertMesh(
  mesh: InventoriedMesh | undefined,
  id: string,
): asserts mesh is InventoriedMesh {
  if (!mesh) {
    throw new InputError(`No mesh '${id}' is known`);
  }
}
