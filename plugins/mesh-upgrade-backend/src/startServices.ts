import type {
  AuditorService,
  AuthService,
  DatabaseService,
  LifecycleService,
  LoggerService,
  PermissionsService,
  RootConfigService,
  RootLifecycleService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { AuthorizedUpgrades } from './access/AuthorizedUpgrades';
import { Authorizer } from './access/Authorizer';
import { CatalogOwnershipIndex } from './access/ownership';
import { auditEngineWrites } from './activity/auditEngineWrites';
import { ChangeAnnouncer } from './activity/ChangeAnnouncer';
import { applyMigrations } from './applyMigrations';
import { createCheckRunner, type AddedChecks } from './checks';
import { DefaultClusterRegistry } from './clusters';
import type { ClusterSuppliers } from './clusters/config/suppliedClusters';
import type { RouterOptions } from './http/types';
import { createInventory, readInventorySettings } from './inventory';
import { MeshOverview } from './meshes/MeshOverview';
import { MeshTargets } from './meshes/MeshTargets';
import {
  createDrivers,
  createUpgrades,
  DatabaseRunStore,
  readRunPolicy,
  removalChecks,
  requiredRights,
} from './upgrades';
import { WorkloadOverview } from './workloads/WorkloadOverview';
import { createVersionCatalog } from './versions';

/** Of a mesh there is one; this bounds those of all others. */
const MOST_ACTIVE_RUNS = 500;

/** Joins the rooms and starts what runs in the background, until shutdown. */
export async function startServices(options: {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: RootConfigService;
  database: DatabaseService;
  lifecycle: LifecycleService;
  rootLifecycle: RootLifecycleService;
  logger: LoggerService;
  permissions: PermissionsService;
  scheduler: SchedulerService;
  signals: SignalsService;
  suppliers: ClusterSuppliers;
  addedChecks: AddedChecks;
}): Promise<Omit<RouterOptions, 'httpAuth'>> {
  const { auditor, auth, catalog, config, lifecycle, logger, scheduler } =
    options;
  const database = await applyMigrations(options.database);
  const clusters = await DefaultClusterRegistry.fromConfig(config, {
    logger,
    suppliers: options.suppliers,
  });

  const changes = ChangeAnnouncer.create({ signals: options.signals, logger });
  const ownership = CatalogOwnershipIndex.create({ catalog, auth, logger });
  const running = createInventory({
    clusters,
    database,
    logger,
    ownership,
    settings: readInventorySettings(config, problem => logger.warn(problem)),
    onChange: kind => changes.announce(kind),
  });
  const { inventory } = running;

  const { versions, tick } = createVersionCatalog({
    clusters,
    config,
    database,
    inventory,
    logger,
    onChange: () => changes.announce('versions'),
  });
  const targets = MeshTargets.create({ versions });
  const drivers = createDrivers({ config, logger });
  const runs = DatabaseRunStore.create({ database });
  const checks = createCheckRunner({
    clusters,
    versions,
    inventory,
    rightsOf: requiredRights(drivers),
    leftoverChecks: removalChecks,
    activeRuns: async () => {
      const { items } = await runs.list({
        active: true,
        limit: MOST_ACTIVE_RUNS,
      });
      return items;
    },
    added: options.addedChecks,
  });
  const policy = readRunPolicy(config);
  if (policy.problem) {
    logger.error(`No upgrade begins: ${policy.problem}`);
  }
  const { service, engine, leftovers, stop } = createUpgrades({
    policy,
    clusters,
    inventory,
    database,
    checks,
    targets,
    drivers,
    logger,
    onWrite: auditEngineWrites(auditor),
    onEvent: () => changes.announce('runs'),
  });

  changes.start();
  ownership.start();
  // Ten thousand pods are no reason for other plugins to start later.
  options.rootLifecycle.addStartupHook(() => running.start());
  await scheduler.scheduleTask({
    id: 'reconcile-runs',
    // A global task stays locked after a crash; the lease of a run is lock enough.
    scope: 'local',
    frequency: { seconds: 5 },
    timeout: { seconds: 30 },
    fn: async () => {
      await engine.claim();
    },
  });
  await scheduler.scheduleTask({
    id: 'refresh-versions',
    scope: 'local',
    frequency: tick,
    timeout: { minutes: 2 },
    fn: signal => versions.refresh({ signal }),
  });
  lifecycle.addShutdownHook(async () => {
    await Promise.all([stop(), running.stop(), ownership.stop()]);
    changes.stop();
  });

  const authorizer = Authorizer.create({ permissions: options.permissions });
  return {
    authorizer,
    inventory,
    meshes: MeshOverview.create({ inventory, targets, upgrades: service }),
    workloads: WorkloadOverview.create({ inventory, upgrades: service }),
    leftovers,
    runs: service,
    upgrades: AuthorizedUpgrades.create({
      upgrades: service,
      checks,
      inventory,
      authorizer,
      auditor,
    }),
  };
}
