import { InputError } from '@backstage/errors';
import type {
  CheckFinding,
  CheckReport,
  CheckSeverity,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import pLimit from 'p-limit';
import type { ClusterRegistry } from '../clusters/types';
import type { InventoriedMesh } from '../inventory/types';
import { runCheck } from './runCheck';
import type {
  Check,
  CheckRunner,
  MeshCheckContext,
  SidecarCheckContext,
} from './types';

/** Milliseconds that checks may take. */
export interface CheckTimes {
  perCheckMs: number;
  /** After it, what is still to be checked is undecided: people wait for the report. */
  perReportMs: number;
}

const DEFAULT_TIMES: CheckTimes = { perCheckMs: 10_000, perReportMs: 45_000 };

/** API servers are shared with everybody else. */
const WORKLOADS_AT_ONCE_PER_CLUSTER = 8;

const WORST_FIRST: CheckSeverity[] = [
  'blocker',
  'unknown',
  'consent',
  'warning',
  'info',
  'passed',
];

/** Runs checks side by side, each with a time limit. */
export class DefaultCheckRunner implements CheckRunner {
  readonly #clusters: ClusterRegistry;
  readonly #meshChecks: Check<MeshCheckContext>[];
  readonly #sidecarChecks: Check<SidecarCheckContext>[];
  readonly #times: CheckTimes;

  static create(options: {
    clusters: ClusterRegistry;
    meshChecks: Check<MeshCheckContext>[];
    sidecarChecks: Check<SidecarCheckContext>[];
    times?: Partial<CheckTimes>;
  }): DefaultCheckRunner {
    return new DefaultCheckRunner(options);
  }

  private constructor(options: {
    clusters: ClusterRegistry;
    meshChecks: Check<MeshCheckContext>[];
    sidecarChecks: Check<SidecarCheckContext>[];
    times?: Partial<CheckTimes>;
  }) {
    this.#clusters = options.clusters;
    this.#meshChecks = options.meshChecks;
    this.#sidecarChecks = options.sidecarChecks;
    this.#times = { ...DEFAULT_TIMES, ...options.times };
  }

  async checkMesh(
    mesh: InventoriedMesh,
    targetVersion: string,
  ): Promise<CheckReport> {
    return this.#report(signal =>
      this.#meshChecks.map(check =>
        runCheck(
          check,
          { mesh, targetVersion, clusters: this.#clusters },
          {
            timeLimitMs: this.#times.perCheckMs,
            signal,
            object: `mesh ${mesh.id}`,
            place: {},
          },
        ),
      ),
    );
  }

  /** @throws InputError for an empty selection: nothing selected is never "all". */
  async checkSidecars(workloads: WorkloadDetail[]): Promise<CheckReport> {
    if (workloads.length === 0) {
      throw new InputError('No workload is selected; choose at least one.');
    }
    const limits = new Map(
      workloads.map(({ cluster }) => [
        cluster,
        pLimit(WORKLOADS_AT_ONCE_PER_CLUSTER),
      ]),
    );
    const once = askOnce();
    return this.#report(signal =>
      workloads.map(workload =>
        limits.get(workload.cluster)!(() =>
          this.#checkWorkload({ workload, once }, signal),
        ),
      ),
    );
  }

  async #checkWorkload(
    about: Pick<SidecarCheckContext, 'workload' | 'once'>,
    signal: AbortSignal,
  ): Promise<CheckFinding[]> {
    const { workload } = about;
    const findings = await Promise.all(
      this.#sidecarChecks.map(check =>
        runCheck(
          check,
          { ...about, clusters: this.#clusters },
          {
            timeLimitMs: this.#times.perCheckMs,
            signal,
            object: `${workload.kind} ${workload.namespace}/${workload.name}`,
            place: { cluster: workload.cluster, workload: workload.id },
          },
        ),
      ),
    );
    return findings.flat();
  }

  async #report(
    start: (signal: AbortSignal) => Promise<CheckFinding[]>[],
  ): Promise<CheckReport> {
    const checkedAt = new Date().toISOString();
    const budget = new AbortController();
    const timer = setTimeout(
      () =>
        budget.abort(
          new Error(
            `not reached within the ${
              this.#times.perReportMs / 1000
            } s of one report`,
          ),
        ),
      this.#times.perReportMs,
    );
    try {
      const findings = (await Promise.all(start(budget.signal))).flat();
      return {
        checkedAt,
        findings: findings.sort(worstFirst),
        passed:
          findings.length > 0 &&
          findings.every(
            ({ severity }) => severity !== 'blocker' && severity !== 'unknown',
          ),
      };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Within a severity by place, so that two reports of the same world are equal. */
function worstFirst(a: CheckFinding, b: CheckFinding): number {
  const place = ({ cluster, workload, check }: CheckFinding) =>
    [cluster ?? '', workload ?? '', check].join(' ');
  return (
    WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity) ||
    place(a).localeCompare(place(b))
  );
}

function askOnce(): SidecarCheckContext['once'] {
  const answers = new Map<string, Promise<unknown>>();
  return <T>(question: string, ask: () => Promise<T>) => {
    const answer = (answers.get(question) as Promise<T> | undefined) ?? ask();
    answers.set(question, answer);
    return answer;
  };
}
