import {
  DAEMON_SETS,
  DEPLOYMENTS,
  FLUX_HELM_RELEASES,
  HELM_REPOSITORIES,
  OCI_REPOSITORIES,
  type Resource,
} from '../../kubernetes/resources';
import type { FluxHelmRelease, FluxSnapshot } from '../../kubernetes/types';
import type { ChartRelease } from '../charts/Charts';
import { notRolledOut } from '../charts/rollout';
import type { Operator, OperatorCluster } from '../Operator';
import { fluxStatus, isRequested, type FluxVerdict } from './conditions';
import { askedChart } from './releaseOf';

/** How long helm waits for what it installed. */
const TIMEOUT_MS = 5 * 60_000;
const LOOK_MS = 500;
const HISTORY_LIMIT = 5;
const SOURCES = [OCI_REPOSITORIES, HELM_REPOSITORIES] as Resource[];
const INSTALLED = [DEPLOYMENTS, DAEMON_SETS] as Resource[];

type Status = NonNullable<FluxHelmRelease['status']>;

/** Flux's helm-controller: upgrades a release when its chart or values change, once for each change. */
export const helmController: Operator<FluxHelmRelease> = {
  maker: 'flux',
  resource: FLUX_HELM_RELEASES,
  concerns: (resource, { metadata }) =>
    SOURCES.includes(resource) ||
    (INSTALLED.includes(resource) &&
      metadata.labels?.['helm.toolkit.fluxcd.io/name'] !== undefined),
  async reconcile(cluster, object) {
    if (object.spec.suspend) {
      return undefined;
    }
    const asked = await askedChart(cluster, object);
    const write = (verdict: FluxVerdict, more: Partial<Status> = {}) =>
      cluster.writeStatus(FLUX_HELM_RELEASES, object, {
        ...object.status,
        ...fluxStatus(object, verdict, cluster.now()),
        ...more,
      });
    if ('missing' in asked) {
      await write({
        ready: 'False',
        reason: 'SourceNotReady',
        message: asked.missing,
      });
      return undefined;
    }
    const { release, chartVersion } = asked;
    switch (nextAction(object, chartVersion)) {
      case 'upgrade':
        await write(
          {
            ready: 'Unknown',
            reason: 'Progressing',
            message: "Running 'upgrade' action with timeout of 5m0s",
          },
          {
            lastAttemptedRevision: chartVersion,
            lastAttemptedGeneration: object.metadata.generation,
          },
        );
        return upgrade(cluster, object, { release, chartVersion });
      case 'wait':
        return follow(cluster, object, release);
      case 'confirm':
        await write(succeeded(release, chartVersion));
        return undefined;
      default:
        return undefined;
    }
  },
};

/**
 * What is to be done with a release: a chart or values that failed are not
 * tried again unless somebody asks.
 */
export function nextAction(
  object: FluxHelmRelease,
  chartVersion: string,
): 'upgrade' | 'wait' | 'confirm' | 'nothing' {
  const { status, metadata } = object;
  const [latest] = status?.history ?? [];
  const isAttempted =
    status?.lastAttemptedRevision === chartVersion &&
    status.lastAttemptedGeneration === metadata.generation;
  if (latest?.status === 'pending-upgrade' && isAttempted) {
    return 'wait';
  }
  if (!isAttempted || (status?.failures && isRequested(object))) {
    return 'upgrade';
  }
  return status?.failures ? 'nothing' : 'confirm';
}

function succeeded(release: ChartRelease, chartVersion: string): FluxVerdict {
  return {
    ready: 'True',
    reason: 'UpgradeSucceeded',
    message: `Helm upgrade succeeded for release ${release.namespace}/${release.name} with chart ${release.chart}@${chartVersion}`,
  };
}

function failed(
  release: ChartRelease,
  chartVersion: string,
  why: string,
): FluxVerdict {
  return {
    ready: 'False',
    reason: 'UpgradeFailed',
    message: `Helm upgrade failed for release ${release.namespace}/${release.name} with chart ${release.chart}@${chartVersion}: ${why}`,
  };
}

async function upgrade(
  cluster: OperatorCluster,
  object: FluxHelmRelease,
  { release, chartVersion }: { release: ChartRelease; chartVersion: string },
): Promise<number | undefined> {
  let failure: string | undefined;
  await cluster.charts.upgrade(release).catch(error => {
    failure = (error as Error).message;
  });
  const now = cluster.now();
  const history = object.status?.history ?? [];
  const snapshot: FluxSnapshot = {
    name: release.name,
    namespace: release.namespace,
    version: (history[0]?.version ?? 0) + 1,
    chartName: release.chart,
    chartVersion,
    status: failure === undefined ? 'pending-upgrade' : 'failed',
    firstDeployed: history[0]?.firstDeployed ?? now,
    lastDeployed: now,
  };
  await cluster.writeStatus(FLUX_HELM_RELEASES, object, {
    ...object.status,
    ...fluxStatus(
      object,
      failure === undefined
        ? {
            ready: 'Unknown',
            reason: 'Progressing',
            message: "Running 'upgrade' action with timeout of 5m0s",
          }
        : failed(release, chartVersion, failure),
      now,
    ),
    lastAttemptedRevision: chartVersion,
    lastAttemptedGeneration: object.metadata.generation,
    failures: failure === undefined ? 0 : (object.status?.failures ?? 0) + 1,
    history: [
      snapshot,
      ...history.map(each => ({ ...each, status: 'superseded' })),
    ].slice(0, HISTORY_LIMIT),
  });
  return failure === undefined ? LOOK_MS : undefined;
}

/** What was installed has to become ready within helm's time-out. */
async function follow(
  cluster: OperatorCluster,
  object: FluxHelmRelease,
  release: ChartRelease,
): Promise<number | undefined> {
  const [latest, ...former] = object.status!.history!;
  const now = cluster.now();
  const left = await notRolledOut(cluster, release);
  const isLate = Date.parse(now) - Date.parse(latest.lastDeployed) > TIMEOUT_MS;
  if (left !== undefined && !isLate) {
    return LOOK_MS;
  }
  await cluster.writeStatus(FLUX_HELM_RELEASES, object, {
    ...object.status,
    ...fluxStatus(
      object,
      left === undefined
        ? succeeded(release, latest.chartVersion)
        : failed(
            release,
            latest.chartVersion,
            `${left}: context deadline exceeded`,
          ),
      now,
    ),
    ...(left !== undefined && { failures: (object.status?.failures ?? 0) + 1 }),
    history: [
      { ...latest, status: left === undefined ? 'deployed' : 'failed' },
      ...former,
    ],
  });
  return undefined;
}
