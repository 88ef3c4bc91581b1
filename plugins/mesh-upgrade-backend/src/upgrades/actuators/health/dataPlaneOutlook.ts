import {
  compareIstioVersions,
  parseIstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Inventory, InventoriedMesh } from '../../../inventory/types';
import type { Look } from '../LookActuator';

export const DATA_PLANE_OUTLOOK_ACTION = 'data-plane-outlook';

/** Tells which sidecars and gateways of a cluster are left at an older version, as far as the inventory knows them. */
export function dataPlaneOutlook(inventory: Inventory): Look {
  return {
    action: DATA_PLANE_OUTLOOK_ACTION,
    async look(_client, { cluster }, { run }) {
      const mesh = run.meshId && (await inventory.mesh(run.meshId));
      if (!mesh) {
        return {
          state: 'unproven',
          message: 'The inventory does not know the mesh any more',
        };
      }
      const { targetVersion } = run;
      const sidecars = await sidecarsBehind(inventory, mesh, {
        cluster,
        targetVersion,
      });
      const gateways = mesh.components.filter(
        each =>
          each.cluster === cluster &&
          (each.kind === 'gateway' || each.kind === 'waypoint') &&
          isBehind(each.version, targetVersion),
      );
      const left = [
        ...sidecars.map(
          ({ workloads, version }) => `${workloads} workloads at ${version}`,
        ),
        ...gateways.map(
          ({ namespace, name, version }) =>
            `gateway ${namespace}/${name} at ${version}`,
        ),
      ];
      const message =
        left.length > 0
          ? `Still older than ${targetVersion}: ${left.join(
              ', ',
            )}. Upgrade the sidecars of the mesh to restart them`
          : `No sidecar and no gateway is older than ${targetVersion}`;
      return { state: 'done', message };
    },
  };
}

async function sidecarsBehind(
  inventory: Inventory,
  mesh: InventoriedMesh,
  { cluster, targetVersion }: { cluster: string; targetVersion: string },
): Promise<{ version: string; workloads: number }[]> {
  const counts = await Promise.all(
    mesh.proxyVersions
      .filter(({ version }) => isBehind(version, targetVersion))
      .map(async ({ version }) => {
        const { total } = await inventory.workloads({
          mesh: [mesh.id],
          cluster: [cluster],
          version: [version],
          limit: 1,
        });
        return { version, workloads: total };
      }),
  );
  return counts.filter(({ workloads }) => workloads > 0);
}

/** What nobody can read is compared with nothing. */
function isBehind(version: string | undefined, target: string): boolean {
  const [own, wanted] = [version ?? '', target].map(parseIstioVersion);
  return (
    own !== undefined &&
    wanted !== undefined &&
    compareIstioVersions(own, wanted) < 0
  );
}
