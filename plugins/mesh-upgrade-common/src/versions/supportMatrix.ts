import type { SupportMatrixView } from '../types';
import { BUILT_IN_MATRIX } from './builtInMatrix';

/** What is published about one minor of Istio. @public */
export interface SupportMatrixRow {
  /** Istio minor, e.g. `1.30`. */
  istio: string;
  /** Whose Kubernetes or add-on it counts for, e.g. `aks`; absent: everybody else's. */
  provider?: string;
  /** Supported Kubernetes minors, both ends included; absent while no range is published. */
  kubernetes?: { min: string; max: string };
  /** Tested by the project without being supported; never counts as supported. */
  testedKubernetes?: { min: string; max: string };
  /** Kubernetes minor below which Istio's own installer refuses; can be lower than `kubernetes.min`. */
  installFloor?: string;
  /** ISO date of the last supported day, UTC. */
  endOfLife?: string;
  /** True when the source gives a month or an expectation instead of a day: the latest day it can mean is used. */
  estimated?: boolean;
}

/** Minors of Istio, the Kubernetes they support and their end of life, with source and date. @public */
export interface SupportMatrix {
  /** Title of the source. */
  source: string;
  url: string;
  /** ISO date on which the source was read. */
  readAt: string;
  rows: readonly SupportMatrixRow[];
  /** What of the configured overrides could not be used. */
  problem?: string;
}

/** Which rows of which matrix count; default: the built-in matrix, no provider. @public */
export interface MatrixChoice {
  matrix?: SupportMatrix;
  /** The first that has a row of its own counts, e.g. `['aks']`. */
  providers?: readonly string[];
}

// Istio brings out a minor about every quarter.
const RELEASE_CYCLE_DAYS = 13 * 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The row of a minor such as `1.30`; undefined when the matrix has none. @public */
export function supportMatrixRow(
  minor: string,
  choice: MatrixChoice = {},
): SupportMatrixRow | undefined {
  const { matrix = BUILT_IN_MATRIX, providers = [] } = choice;
  const rows = matrix.rows.filter(row => row.istio === minor);
  const own = providers
    .map(provider => rows.find(row => row.provider === provider))
    .find(row => row !== undefined);
  return own ?? rows.find(row => row.provider === undefined);
}

/** Where the data comes from and whether it is older than a release cycle. @public */
export function describeMatrix(
  matrix: SupportMatrix,
  now: Date,
): SupportMatrixView {
  const { source, url, readAt, problem } = matrix;
  const age = now.getTime() - Date.parse(`${readAt}T00:00:00Z`);
  return {
    source,
    url,
    readAt,
    stale: age > RELEASE_CYCLE_DAYS * DAY_MS,
    problem,
  };
}
