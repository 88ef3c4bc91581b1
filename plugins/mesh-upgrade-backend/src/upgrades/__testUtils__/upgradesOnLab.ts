import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { adminToken, startLab } from '@internal/lab';
import type {
  CheckReport,
  ControlPlaneView,
  InstallMethod,
  RunView,
  UpgradeSubject,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { DefaultClusterRegistry } from '../../clusters';
import type { KubernetesClient } from '../../clusters/types';
import type { InventoriedMesh, Inventory } from '../../inventory/types';
import { createDrivers } from '../createDrivers';
import { createUpgrades } from '../createUpgrades';
import type { EngineWrite } from '../types';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
/** Who starts runs. */
export const ADA = { startedBy: 'user:default/ada' };
/** What checks answer that find nothing. */
export const PASSED: CheckReport = {
  checkedAt: '',
  findings: [],
  passed: true,
  consents: [],
};

const CLUSTERS = [
  'prod-eu',
  'prod-us',
  'payments',
  'edge',
  'support',
  'partners',
];

/** The upgrades room against the simulated fleet; only the inventory is told, not read. */
export async function upgradesOnLab(
  options: { modes?: Record<string, string>; jobNamespace?: string } = {},
) {
  const lab = await startLab({ speed: 5 });
  const config = mockServices.rootConfig({
    data: {
      meshUpgrade: {
        clusters: CLUSTERS.map(name => ({
          name,
          url: `${lab.url}/clusters/${name}`,
          token: adminToken(name),
          mode: options.modes?.[name] ?? 'full',
        })),
        upgrades: {
          helm: {
            image: 'helm:4',
            chartRepository: `oci://127.0.0.1:${lab.port}/charts`,
            plainHttp: true,
            namespace: options.jobNamespace,
          },
          istioctl: {
            configurations: [{ cluster: 'payments', configMap: 'istio' }],
          },
        },
      },
    },
  });
  const clusters = await DefaultClusterRegistry.fromConfig(config, {
    logger: mockServices.logger.mock(),
  });
  const database = await databases.init('SQLITE_3');
  await database.migrate.latest({
    directory: resolvePackagePath(
      '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
      'migrations',
    ),
  });
  const writes: EngineWrite[] = [];
  const meshes: InventoriedMesh[] = [];
  const workloads: WorkloadDetail[] = [];
  const checks = {
    checkMesh: jest.fn(async () => PASSED),
    checkSidecars: jest.fn(async () => PASSED),
    checkLeftovers: jest.fn(async () => PASSED),
  };
  const { service, engine, leftovers } = createUpgrades({
    clusters,
    inventory: {
      mesh: async (id: string) => meshes.find(each => each.id === id),
      controlPlanes: async () =>
        meshes.flatMap(each =>
          each.clusters.flatMap(({ controlPlanes }) => controlPlanes),
        ),
      workloadsById: async (ids: string[]) =>
        workloads.filter(({ id }) => ids.includes(id)),
    } as Partial<Inventory> as Inventory,
    database,
    checks,
    targets: {
      refuse: async (_mesh, version) =>
        version.startsWith('1.28') ? `${version} is older` : undefined,
    },
    drivers: createDrivers({ config, logger: mockServices.logger.mock() }),
    logger: mockServices.logger.mock(),
    settings: { cadenceMs: 100 },
    onWrite: write => {
      writes.push(write);
    },
  });
  const client = (cluster: string): KubernetesClient =>
    clusters.get(cluster)!.client!;

  async function start(
    subject: UpgradeSubject,
    consents?: string[],
  ): Promise<RunView> {
    const { hash } = await service.plan(subject);
    return service.start({ ...subject, planHash: hash, consents }, ADA);
  }
  async function until(
    id: string,
    isReached: (run: RunView) => boolean,
  ): Promise<RunView> {
    for (;;) {
      const run = (await service.run(id))!;
      if (isReached(run) || isOver(run)) {
        return run;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
  return {
    lab,
    service,
    leftovers,
    checks,
    writes,
    meshes,
    workloads,
    client,
    start,
    until,
    end: (id: string) => until(id, isOver),
    async stop() {
      await engine.stop();
      await lab.stop();
    },
  };
}

/** No more happens to the run. */
export function isOver({ state }: RunView): boolean {
  return ['succeeded', 'failed', 'stopped'].includes(state);
}

/** A mesh as the inventory would tell it, with one istiod per cluster. */
export function mesh(
  id: string,
  method: InstallMethod,
  version: string,
  clusters: string[],
): InventoriedMesh {
  const controlPlane = (cluster: string): ControlPlaneView => ({
    cluster,
    namespace: 'istio-system',
    name: 'istiod',
    revision: 'default',
    version,
    image: '',
    desiredReplicas: 2,
    readyReplicas: 2,
    updatedReplicas: 2,
    install: { method, evidence: ['seen'] },
    problems: [],
  });
  return {
    id,
    name: id,
    type: 'hosted',
    family: 'native',
    status: 'running',
    reasons: [],
    version,
    versions: [version],
    clusters: clusters.map(cluster => ({
      cluster,
      mode: 'full',
      role: 'primary',
      health: { state: 'healthy', since: '' },
      controlPlanes: [controlPlane(cluster)],
    })),
    install: { method, evidence: ['seen'] },
    revisions: [],
    tags: [],
    components: [],
    proxyVersions: [],
    sidecars: { total: 0, current: 0, workloads: 0, outdatedWorkloads: 0 },
    hubs: [],
  };
}

/** A workload as the inventory would tell it. */
export function workload(
  id: string,
  desiredVersion: string,
  overrides: Partial<WorkloadDetail> = {},
): WorkloadDetail {
  const [cluster, namespace, , name] = id.split('/');
  return {
    id,
    cluster,
    namespace,
    kind: 'Deployment',
    name,
    meshId: 'shop',
    status: 'injected',
    statusReason: '',
    sidecar: 'native',
    desiredVersion,
    versions: [{ version: '1.29.2', pods: 2 }],
    pods: { total: 2, ready: 2, injected: 2 },
    outdated: true,
    method: { kind: 'restart', blockers: [] },
    owners: [],
    podList: [],
    ...overrides,
  };
}

export const toTarget = (
  meshId: string,
  targetVersion: string,
): UpgradeSubject => ({
  kind: 'mesh',
  meshId,
  targetVersion,
});
