import type {
  ClusterHealth,
  ClusterHealthState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { KubernetesError } from '../../clusters/KubernetesError';

/** A health without the time since when it holds. */
export type HealthFinding = Omit<ClusterHealth, 'since'>;

/** What is wrong with one of the things that are read. */
export interface Trouble extends HealthFinding {
  /** A refusal that hides nothing any decision needs. */
  dispensable?: boolean;
}

/** The worst is told first: without a connection nothing else matters. */
const SERIOUSNESS: ClusterHealthState[] = [
  'unauthorized',
  'unreachable',
  'forbidden',
];

/** What an error of the API server says about its cluster. */
export function healthOfError(cluster: string, error: unknown): HealthFinding {
  if (!(error instanceof KubernetesError)) {
    return {
      state: 'unreachable',
      reason: error instanceof Error ? error.message : String(error),
      remedy: `Look for this error in the backend's log`,
    };
  }
  const answer = [error.status, error.reason].filter(Boolean).join(' ');
  const reason = `${error.action}: ${error.serverMessage}${
    answer && ` (${answer})`
  }`;
  switch (error.status) {
    case 401:
      return {
        state: 'unauthorized',
        reason,
        remedy: `Renew the credentials of cluster '${cluster}'`,
      };
    case 403:
      return {
        state: 'forbidden',
        reason,
        remedy: `Allow the identity of cluster '${cluster}' to ${error.action}`,
      };
    case undefined:
      return {
        state: 'unreachable',
        reason,
        remedy: `Check the address of cluster '${cluster}', its certificate and the network`,
      };
    default:
      return {
        state: 'unreachable',
        reason,
        remedy: `The API server answers with errors: look at its health and its log`,
      };
  }
}

/** Several resources fail in several ways; one finding sums them up. */
export function summarizeHealth(options: {
  errors: Trouble[];
  /** Every resource was listed or refused once. */
  settled: boolean;
}): HealthFinding {
  const state = SERIOUSNESS.find(candidate =>
    options.errors.some(
      error => error.state === candidate && !error.dispensable,
    ),
  );
  if (!state) {
    return options.settled
      ? { ...describe('forbidden', options.errors), state: 'healthy' }
      : { state: 'connecting' };
  }
  return { state, ...describe(state, options.errors) };
}

function describe(
  state: ClusterHealthState,
  errors: HealthFinding[],
): Pick<HealthFinding, 'reason' | 'remedy'> {
  const findings = errors.filter(error => error.state === state);
  return findings.length === 0
    ? {}
    : {
        reason: tell(state, distinct(findings.map(({ reason }) => reason))),
        remedy: distinct(findings.map(({ remedy }) => remedy)).join('; '),
      };
}

/** Each missing right is told; of a cluster that refuses everything, one answer tells all. */
function tell(state: ClusterHealthState, reasons: string[]): string {
  const [first, ...others] = reasons;
  if (state === 'forbidden' || others.length === 0) {
    return reasons.join('; ');
  }
  return `${first}; ${others.length} more like it`;
}

function distinct(values: (string | undefined)[]): string[] {
  return [...new Set(values.filter(value => value !== undefined))];
}
