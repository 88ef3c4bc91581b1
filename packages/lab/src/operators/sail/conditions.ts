import { withCondition } from '../../kubernetes/conditions';
import type { Condition, SailStatus } from '../../kubernetes/types';

/** What is true of an object of Sail, or why it is not. */
export interface Finding {
  type: string;
  /** `True` unless told. */
  status?: 'False' | 'Unknown';
  /** The type's own name unless told. */
  reason?: string;
  message?: string;
}

/** Conditions that do not tell whether an object is well. */
const INFORMATIVE = ['InUse'];

/** The conditions after these findings, and the state: the first that is not true. */
export function conditionsOf(
  former: SailStatus | undefined,
  findings: Finding[],
  now: string,
): Required<Pick<SailStatus, 'conditions' | 'state'>> {
  const conditions = findings.reduce<Condition[]>(
    (all, { type, status = 'True', reason = type, message }) =>
      withCondition(all, {
        type,
        status,
        reason,
        ...(message && { message }),
        lastTransitionTime: now,
      }),
    (former?.conditions ?? []).filter(({ type }) =>
      findings.some(finding => finding.type === type),
    ),
  );
  const wrong = conditions.find(
    ({ type, status }) => status !== 'True' && !INFORMATIVE.includes(type),
  );
  return { conditions, state: wrong?.reason ?? 'Healthy' };
}

/** A version past its end of life is accepted, reported, and changes nothing. */
export function endOfLife(version: string): Finding[] {
  return failedReconciliation(
    `validation error: version "${version}" is end-of-life and cannot be installed; use a supported version`,
  );
}

/** Whether an object is ready cannot be said then. */
export function failedReconciliation(message: string): Finding[] {
  return [
    {
      type: 'Reconciled',
      status: 'False',
      reason: 'ReconcileError',
      message,
    },
    {
      type: 'Ready',
      status: 'Unknown',
      reason: 'ReconcileError',
      message: 'cannot determine readiness due to reconciliation error',
    },
  ];
}

export function findCondition(
  status: SailStatus | undefined,
  type: string,
): Condition | undefined {
  return status?.conditions?.find(condition => condition.type === type);
}
