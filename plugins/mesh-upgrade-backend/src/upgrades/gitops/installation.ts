import type { KubernetesObject } from '../../clusters/types';
import type { Condition } from '../../kubernetes/types';

/** How far a tool has come with the version it was told to install. */
export interface Installation {
  /** `stuck`: the tool cannot begin, and goes on by itself once somebody has removed the reason. */
  state: 'unstarted' | 'moving' | 'stuck' | 'installed' | 'failed';
  /** In the tool's own words. */
  message: string;
}

interface HelmReleaseStatus extends KubernetesObject {
  status?: {
    conditions?: Condition[];
    history?: { chartVersion?: string; status?: string }[];
    lastAttemptedRevision?: string;
  };
}

interface ApplicationStatus extends KubernetesObject {
  /** Asked for, and there until it is over. */
  operation?: object;
  status?: {
    operationState?: {
      phase?: string;
      message?: string;
      operation?: { sync?: Revisions };
      syncResult?: Revisions & Sources;
    };
    sync?: { status?: string; comparedTo?: Sources };
    conditions?: { type: string; message?: string }[];
  };
}

interface Revisions {
  revision?: string;
  revisions?: string[];
}

interface Sources {
  source?: { targetRevision?: string };
  sources?: { targetRevision?: string }[];
}

/** Because of these Argo CD does not begin a sync. */
const OBSTACLES = ['ComparisonError', 'InvalidSpecError'];

/** A HelmRelease also shows what became of former versions; only the attempt at this one counts. */
export function fluxInstallation(
  object: KubernetesObject,
  version: string,
): Installation {
  const { status = {} } = object as HelmReleaseStatus;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const message = ready?.message ?? 'Waiting for Flux';
  const [latest] = status.history ?? [];
  if (isVersion(latest?.chartVersion, version) && ready?.status === 'True') {
    return { state: 'installed', message };
  }
  const attempted = isVersion(status.lastAttemptedRevision, version);
  return attempted &&
    ready?.status === 'False' &&
    ready.reason !== 'Progressing'
    ? { state: 'failed', message: `Flux: ${ready.reason}: ${message}` }
    : { state: 'moving', message };
}

/** An Application that stays OutOfSync is no failure: istiod patches its own webhooks. */
export function argoInstallation(
  object: KubernetesObject,
  version: string,
): Installation {
  const { operation, status = {} } = object as ApplicationStatus;
  const { operationState, sync } = status;
  const obstacle = obstacleTo(version, status);
  if (operation && operationState?.phase !== 'Running') {
    return { state: 'moving', message: 'Argo CD is about to sync' };
  }
  const told = `Argo CD: ${
    operationState?.message ?? sync?.status ?? 'not compared yet'
  }`;
  if (!versionsOf(operationState).includes(version)) {
    if (operationState?.phase === 'Running') {
      return { state: 'moving', message: told };
    }
    return obstacle
      ? {
          state: 'stuck',
          message: `Argo CD: ${obstacle.type}: ${obstacle.message}`,
        }
      : {
          state: 'unstarted',
          message: `Argo CD: ${sync?.status ?? 'not compared yet'}`,
        };
  }
  switch (operationState?.phase) {
    case 'Succeeded':
      return { state: 'installed', message: told };
    case 'Failed':
    case 'Error':
      return { state: 'failed', message: told };
    default:
      return { state: 'moving', message: told };
  }
}

/** What a sync was about; one that cannot even begin has no revision of its own, but the source it was asked for. */
function versionsOf(
  state: NonNullable<ApplicationStatus['status']>['operationState'] = {},
): (string | undefined)[] {
  const { operation, syncResult } = state;
  return [
    operation?.sync?.revision,
    ...(operation?.sync?.revisions ?? []),
    syncResult?.revision,
    ...(syncResult?.revisions ?? []),
    ...targetsOf(syncResult),
  ];
}

function targetsOf({ source, sources = [] }: Sources = {}) {
  return [source, ...sources].map(one => one?.targetRevision);
}

/** Why a sync of this version cannot begin; Argo CD also shows for a while what it found about the one before. */
function obstacleTo(
  version: string,
  { conditions = [], sync }: NonNullable<ApplicationStatus['status']>,
) {
  const { comparedTo } = sync ?? {};
  return comparedTo && !targetsOf(comparedTo).includes(version)
    ? undefined
    : conditions.find(({ type }) => OBSTACLES.includes(type));
}

/** A chart from an OCI registry is told as `1.30.3+0a1b2c3d4e5f`. */
function isVersion(told: string | undefined, version: string): boolean {
  return told === version || told?.startsWith(`${version}+`) === true;
}
