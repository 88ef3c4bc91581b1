import {
  compareIstioVersions,
  parseIstioVersion,
  type MeshComponentView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import { detectInstallMethod } from '../../inventory/rules/installMethod';
import { DAEMON_SETS, type DaemonSet } from '../../kubernetes/types';
import { nodeAgentVersion } from '../actuators/nodeAgent';
import type { ControlPlaneDriver, DriverPlan } from '../drivers/types';
import { clientFor } from '../kubernetes/clientFor';

/** The order in which Istio wants them upgraded, after the control plane. */
const ORDER: MeshComponentView['kind'][] = ['cni', 'ztunnel'];

/** What upgrading the node agents of one cluster takes, and which are left as they are. */
export interface NodeAgentPlan extends DriverPlan {
  skipped: { workload: string; reason: string }[];
}

/** Plans Istio's CNI and ztunnel of one cluster, each by what installed it. */
export async function planNodeAgents(
  mesh: InventoriedMesh,
  options: {
    cluster: string;
    targetVersion: string;
    clusters: ClusterRegistry;
    drivers: ControlPlaneDriver[];
    /** Those that are ahead of the target go back to it, in the opposite order. */
    returning?: boolean;
    signal: AbortSignal;
  },
): Promise<NodeAgentPlan> {
  const plan: NodeAgentPlan = { changes: [], steps: [], skipped: [] };
  for (const kind of options.returning ? [...ORDER].reverse() : ORDER) {
    const agents = mesh.components.filter(
      one => one.kind === kind && one.cluster === options.cluster,
    );
    for (const agent of agents) {
      await addNodeAgent(plan, agent, options);
    }
  }
  return plan;
}

async function addNodeAgent(
  plan: NodeAgentPlan,
  agent: MeshComponentView,
  options: Parameters<typeof planNodeAgents>[1],
): Promise<void> {
  const { clusters, drivers, targetVersion, returning, signal } = options;
  const { cluster, namespace, name } = agent;
  const client = clientFor(clusters, cluster);
  const daemonSet = await client.get<DaemonSet>(
    { ...DAEMON_SETS, namespace, name },
    { signal },
  );
  const actual = nodeAgentVersion(daemonSet);
  const isDue = returning
    ? isBehind(targetVersion, actual)
    : isBehind(actual, targetVersion);
  if (!isDue) {
    return;
  }
  const skip = (reason: string) =>
    plan.skipped.push({
      workload: `${cluster}/${namespace}/DaemonSet/${name}`,
      reason,
    });
  if (daemonSet.spec.updateStrategy?.type === 'OnDelete') {
    skip(
      'Its update strategy is OnDelete: a pod is replaced when somebody deletes it, so it is upgraded by hand',
    );
    return;
  }
  const { method, evidence } = detectInstallMethod(
    daemonSet.metadata,
    agent.image ?? '',
  );
  const driver = drivers.find(one => one.method === method);
  if (!driver?.planNodeAgent) {
    skip(
      `Upgrade it by what installed it, which is not done from here (${evidence.join(
        '; ',
      )})`,
    );
    return;
  }
  const own = await driver.planNodeAgent({
    client,
    agent,
    daemonSet,
    targetVersion,
    returning,
    signal,
  });
  plan.changes.push(...own.changes);
  plan.steps.push(...own.steps);
  plan.skipped.push(...(own.skipped ?? []));
}

/** One that is ahead, or whose version nobody can read, is not touched. */
function isBehind(
  actual: string | undefined,
  target: string | undefined,
): boolean {
  const [from, to] = [actual ?? '', target ?? ''].map(parseIstioVersion);
  return (
    from !== undefined && to !== undefined && compareIstioVersions(from, to) < 0
  );
}
