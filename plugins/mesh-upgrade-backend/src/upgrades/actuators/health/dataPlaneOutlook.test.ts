import type {
  MeshComponentView,
  WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesClient } from '../../../clusters/types';
import type { InventoriedMesh, Inventory } from '../../../inventory/types';
import { newStep, storedRun } from '../../testing/runs';
import { dataPlaneOutlook } from './dataPlaneOutlook';

function gateway(
  cluster: string,
  name: string,
  version?: string,
): MeshComponentView {
  return {
    kind: 'gateway',
    cluster,
    namespace: 'edge',
    name,
    version,
    desired: 1,
    ready: 1,
    problems: [],
  };
}

async function outlook(
  mesh: Partial<InventoriedMesh> | undefined,
  workloads: Record<string, number> = {},
) {
  const asked: WorkloadQuery[] = [];
  const inventory: Partial<Inventory> = {
    mesh: async () => mesh as InventoriedMesh | undefined,
    workloads: async query => {
      asked.push(query);
      return { items: [], total: workloads[query.version![0]] ?? 0 };
    },
  };
  const step = newStep({ cluster: 'prod-eu' });
  const seen = await dataPlaneOutlook(inventory as Inventory).look(
    {} as KubernetesClient,
    step,
    {
      run: storedRun({ steps: [step], targetVersion: '1.30.3' }),
      now: new Date(0),
      signal: new AbortController().signal,
    },
  );
  return { ...seen, asked };
}

describe('dataPlaneOutlook', () => {
  const counts = (...versions: string[]) =>
    versions.map(version => ({ version, pods: 1 }));

  it('names what of the cluster is older than the target', async () => {
    const seen = await outlook(
      {
        id: 'shop',
        proxyVersions: counts('1.28.6', '1.29.4', '1.30.3', 'unknown'),
        components: [
          gateway('prod-eu', 'old', '1.29.4'),
          gateway('prod-eu', 'new', '1.30.3'),
          gateway('prod-eu', 'unreadable'),
          gateway('prod-us', 'elsewhere', '1.29.4'),
        ],
      },
      { '1.28.6': 0, '1.29.4': 19 },
    );
    expect(seen).toMatchObject({
      state: 'done',
      message:
        'Still older than 1.30.3: 19 workloads at 1.29.4, gateway edge/old at 1.29.4. Upgrade the sidecars of the mesh to restart them',
    });
    expect(seen.asked).toEqual(
      ['1.28.6', '1.29.4'].map(version => ({
        mesh: ['shop'],
        cluster: ['prod-eu'],
        version: [version],
        limit: 1,
      })),
    );
  });

  it('says so when nothing is, and when the inventory cannot tell', async () => {
    expect(
      await outlook({ proxyVersions: counts('1.30.3'), components: [] }),
    ).toMatchObject({
      state: 'done',
      message: 'No sidecar and no gateway is older than 1.30.3',
    });
    expect(await outlook(undefined)).toMatchObject({ state: 'unproven' });
  });
});
