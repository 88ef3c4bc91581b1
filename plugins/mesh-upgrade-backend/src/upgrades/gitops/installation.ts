import type { KubernetesObject } from '../../clusters/types';
import type { Condition } from '../../kubernetes/types';

/** How far a tool has come with the version it was told to install. */
export interface Installation {
  state: 'moving' | 'installed' | 'failed';
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
  status?: {
    operationState?: {
      phase?: string;
      message?: string;
      syncResult?: { revision?: string; revisions?: string[] };
    };
    sync?: { status?: string; revision?: string; revisions?: string[] };
    conditions?: { type: string; message?: string }[];
  };
}

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
  const { status = {} } = object as ApplicationStatus;
  const { operationState: operation, sync, conditions = [] } = status;
  const synced = [
    operation?.syncResult?.revision,
    ...(operation?.syncResult?.revisions ?? []),
  ];
  const message =
    operation?.message ??
    conditions.find(({ type }) => type.endsWith('Error'))?.message ??
    `Argo CD: ${sync?.status ?? 'not compared yet'}`;
  if (!synced.includes(version)) {
    const broken = conditions.find(({ type }) => type === 'ComparisonError');
    return { state: 'moving', message: broken?.message ?? message };
  }
  switch (operation?.phase) {
    case 'Succeeded':
      return { state: 'installed', message };
    case 'Failed':
    case 'Error':
      return { state: 'failed', message: `Argo CD: ${message}` };
    default:
      return { state: 'moving', message };
  }
}

/** A chart from an OCI registry is told as `1.30.3+0a1b2c3d4e5f`. */
function isVersion(told: string | undefined, version: string): boolean {
  return told === version || told?.startsWith(`${version}+`) === true;
}
