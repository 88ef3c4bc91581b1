import type {
  Deployment,
  Istio,
  IstioRevision,
  SailStatus,
} from '../../kubernetes/types';
import {
  conditionsOf,
  failedReconciliation,
  findCondition,
  type Finding,
} from './conditions';
import { activeRevisionName } from './names';

/** The status of an `Istio` with these revisions: that of the active one, and how many there are. */
export function istioStatus(
  istio: Istio,
  revisions: readonly IstioRevision[],
  now: string,
): SailStatus {
  const name = activeRevisionName(istio);
  const active = revisions.find(({ metadata }) => metadata.name === name);
  return {
    observedGeneration: istio.metadata.generation,
    ...conditionsOf(
      istio.status,
      ['Reconciled', 'Ready', 'DependenciesHealthy'].map(type =>
        findingOf(active, type),
      ),
      now,
    ),
    activeRevisionName: name,
    revisions: {
      total: revisions.length,
      ready: revisions.filter(one => isTrue(one, 'Ready')).length,
      inUse: revisions.filter(one => isTrue(one, 'InUse')).length,
    },
  };
}

function findingOf(revision: IstioRevision | undefined, type: string): Finding {
  const condition = findCondition(revision?.status, type);
  if (condition) {
    const { status, reason, message } = condition;
    return {
      type,
      reason,
      message,
      ...(status !== 'True' && { status: status as Finding['status'] }),
    };
  }
  return type === 'Ready'
    ? {
        type,
        status: 'False',
        reason: 'ActiveRevisionNotFound',
        message: 'active IstioRevision has no status yet',
      }
    : { type };
}

function isTrue({ status }: IstioRevision, type: string): boolean {
  return findCondition(status, type)?.status === 'True';
}

/** The status of a revision, by its istiod and by whether anything uses it. */
export function revisionStatus(
  revision: IstioRevision,
  seen: {
    istiod: Deployment | undefined;
    inUse: boolean;
    /** Why the chart could not be installed. */
    failure?: string;
    now: string;
  },
): SailStatus {
  const { istiod, inUse, failure, now } = seen;
  const findings: Finding[] =
    failure === undefined
      ? [
          { type: 'Reconciled' },
          readiness(istiod),
          { type: 'DependenciesHealthy' },
        ]
      : failedReconciliation(failure);
  return {
    observedGeneration: revision.metadata.generation,
    ...conditionsOf(revision.status, [...findings, usage(inUse)], now),
  };
}

/** Pods of a former version count: the operator calls a Deployment that rolls healthy. */
function readiness(istiod: Deployment | undefined): Finding {
  const notReady = (message: string): Finding => ({
    type: 'Ready',
    status: 'False',
    reason: 'IstiodNotReady',
    message,
  });
  if (!istiod) {
    return notReady('istiod Deployment not found');
  }
  const { replicas = 1 } = istiod.spec;
  if (replicas === 0) {
    return notReady('istiod Deployment is scaled to zero replicas');
  }
  return (istiod.status?.readyReplicas ?? 0) < replicas
    ? notReady('not all istiod pods are ready')
    : { type: 'Ready' };
}

export function usage(inUse: boolean): Finding {
  return inUse
    ? {
        type: 'InUse',
        reason: 'ReferencedByWorkloads',
        message: 'Referenced by at least one pod or namespace',
      }
    : {
        type: 'InUse',
        status: 'False',
        reason: 'NotReferencedByAnything',
        message: 'Not referenced by any pod or namespace',
      };
}
