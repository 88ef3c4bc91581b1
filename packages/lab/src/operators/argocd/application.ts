import type { Application, ApplicationStatus } from '../../kubernetes/types';
import type { ChartRelease } from '../charts/Charts';

const HISTORY_LIMIT = 10;

/** The chart that an Application installs; `undefined` when its manifests are in Git. */
export function releaseOf({
  metadata,
  spec: { source, destination },
}: Application): (ChartRelease & { url: string }) | undefined {
  const { chart, repoURL, targetRevision = '', helm } = source;
  return chart === undefined
    ? undefined
    : {
        name: helm?.releaseName ?? metadata.name,
        namespace: destination.namespace ?? 'default',
        chart,
        version: targetRevision,
        url: `${repoURL
          .replace(/^(oci:\/\/)?/, 'oci://')
          .replace(/\/+$/, '')}/${chart}`,
        values: helm?.valuesObject ?? {},
        application: metadata.name,
      };
}

/**
 * Whether a sync is to begin: when it is asked for, or by itself once for
 * each revision. What differs though its revision is synced is only healed
 * when the policy says so.
 */
export function isToSync(
  { operation, spec, status }: Application,
  { revision, isSynced }: { revision: string; isSynced: boolean },
): boolean {
  if (operation) {
    return true;
  }
  const { automated } = spec.syncPolicy ?? {};
  if (isSynced || !automated || automated.enabled === false) {
    return false;
  }
  const { operationState } = status ?? {};
  const isTried =
    operationState?.syncResult?.revision === revision &&
    JSON.stringify(operationState.syncResult.source) ===
      JSON.stringify(spec.source);
  return (
    !isTried ||
    (automated.selfHeal === true && operationState?.phase === 'Succeeded')
  );
}

/** The status after a comparison. */
export function compared(
  { status }: Application,
  sync: ApplicationStatus['sync'],
): ApplicationStatus {
  const { conditions, ...rest } = status ?? {};
  return { health: { status: 'Missing' }, ...rest, sync };
}

/** What a sync that begins adds to the status. */
export function startedOperation(
  application: Application,
  { revision, now }: { revision: string; now: string },
): Pick<ApplicationStatus, 'operationState'> {
  return {
    operationState: {
      phase: 'Running',
      message: 'waiting for completion of sync',
      startedAt: now,
      operation: application.operation ?? {
        initiatedBy: { automated: true },
        sync: { revision },
      },
      syncResult: { revision, source: application.spec.source },
    },
  };
}

/** The status when a sync has ended, well or not. */
export function finishedOperation(
  { spec: { source }, status }: Application,
  end: { revision: string; failure?: string; now: string },
): ApplicationStatus {
  const { revision, failure, now } = end;
  const { operationState, history = [] } = status!;
  const operation = {
    ...operationState!,
    finishedAt: now,
    syncResult: { revision, source },
  };
  if (failure !== undefined) {
    return {
      ...status!,
      operationState: {
        ...operation,
        phase: 'Failed',
        message: `one or more objects failed to apply, reason: ${failure}`,
      },
    };
  }
  return {
    ...status!,
    sync: { status: 'Synced', revision },
    health: { status: 'Progressing' },
    operationState: {
      ...operation,
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
    },
    history: [
      ...history,
      {
        id: (history.at(-1)?.id ?? -1) + 1,
        revision,
        deployedAt: now,
        source,
      },
    ].slice(-HISTORY_LIMIT),
  };
}
