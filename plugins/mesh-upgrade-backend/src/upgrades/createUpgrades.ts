import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { EventEmitter } from 'node:events';
import type { CheckRunner } from '../checks/types';
import type { ClusterRegistry } from '../clusters/types';
import type { Inventory } from '../inventory/types';
import { ChangeActuator } from './actuators/ChangeActuator';
import { createHealthActuators } from './actuators/health/createHealthActuators';
import { LookActuator } from './actuators/LookActuator';
import { manualUpgrade } from './actuators/manualUpgrade';
import { removeLeftover } from './actuators/removeLeftover';
import { restartDeployment } from './actuators/restartDeployment';
import { revisionTag } from './actuators/revisionTag';
import { sailIstio } from './actuators/sailIstio';
import type { ControlPlaneDriver } from './drivers/types';
import { DurationHistory } from './durations/DurationHistory';
import { DriftWatch } from './drift/DriftWatch';
import { DEFAULT_POLICY, type RunPolicy } from './schedule/RunPolicy';
import { RunEngine, type EngineSettings } from './engine/RunEngine';
import { FollowedClusters } from './following/FollowedClusters';
import { gitopsSource } from './gitops/gitopsSource';
import { helmTask } from './jobs/helmTask';
import { istioctlTask } from './jobs/istioctlTask';
import { jobChange } from './jobs/jobChange';
import { withSecondTry } from './kubernetes/withSecondTry';
import { MeshLeftovers } from './leftovers';
import { DefaultUpgradeService } from './service/DefaultUpgradeService';
import type { TargetRules } from './service/draftRun';
import { DatabaseRunStore } from './store/DatabaseRunStore';
import type { EngineWrite, StepActuator, UpgradeService } from './types';

/** The upgrades room; `engine.claim` is to be called every few seconds. */
export function createUpgrades(options: {
  clusters: ClusterRegistry;
  inventory: Inventory;
  /** Migrated. */
  database: Knex;
  checks: CheckRunner;
  targets: TargetRules;
  drivers: ControlPlaneDriver[];
  logger: LoggerService;
  /** Default: everything at any time. */
  policy?: RunPolicy;
  settings?: Partial<EngineSettings>;
  /** Told of every event after it was stored. */
  onEvent?(event: RunEvent): void;
  /** Told before and after every write on a cluster. */
  onWrite?(write: EngineWrite): void | Promise<void>;
}): {
  service: UpgradeService;
  engine: RunEngine;
  leftovers: MeshLeftovers;
  /** Lets go of all runs and of the clusters. */
  stop(): Promise<void>;
} {
  const { clusters, inventory, checks, targets } = options;
  const policy = options.policy ?? DEFAULT_POLICY;
  const leftovers = MeshLeftovers.create({ clusters, inventory });
  const store = DatabaseRunStore.create({ database: options.database });
  const followed = new FollowedClusters(withSecondTry(clusters));
  // The engine asks the service, and the service wakes the engine.
  const wishes = new EventEmitter();
  const service = DefaultUpgradeService.create({
    clusters,
    inventory,
    checks,
    targets,
    drivers: options.drivers,
    leftovers,
    policy,
    store,
    durations: DurationHistory.create({ database: options.database }),
    poke: runId => wishes.emit('work', runId),
  });
  const engine = RunEngine.create({
    store,
    actuators: createActuators(withSecondTry(clusters), inventory),
    onlookers: createActuators(followed, inventory),
    logger: options.logger,
    settings: options.settings,
    policy,
    drift: DriftWatch.create({
      clusters: followed,
      inventory,
      logger: options.logger,
    }),
    revalidate: run => service.revalidate(run),
    onEvent: options.onEvent,
    onWrite: options.onWrite,
  });
  wishes.on('work', (runId: string) => engine.poke(runId));
  return {
    service,
    engine,
    leftovers,
    async stop() {
      await engine.stop();
      followed.stop();
    },
  };
}

function createActuators(
  clusters: ClusterRegistry,
  inventory: Inventory,
): StepActuator[] {
  const changes = [
    sailIstio,
    jobChange(helmTask),
    jobChange(istioctlTask),
    gitopsSource,
    restartDeployment,
    removeLeftover,
  ];
  const looks = [revisionTag, manualUpgrade];
  return [
    ...changes.map(change => ChangeActuator.create({ clusters, change })),
    ...looks.map(look => LookActuator.create({ clusters, look })),
    ...createHealthActuators({ clusters, inventory }),
  ];
}
