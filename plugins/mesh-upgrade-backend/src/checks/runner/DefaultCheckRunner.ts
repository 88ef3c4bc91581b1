import { ConflictError, InputError } from '@backstage/errors';
import type {
  CheckFinding,
  CheckReport,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import pLimit from 'p-limit';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import type {
  CheckOptions,
  CheckRunner,
  MeshCheck,
  MeshCheckSubject,
  SidecarCheck,
} from '../types';
import { AskOnce } from './AskOnce';
import { checkReport } from './checkReport';
import { meshJobs, plannedChecks, sidecarJobs } from './jobs';
import { runCheck, type CheckJob } from './runCheck';

/** Milliseconds that checks may take. */
export interface CheckTimes {
  perCheckMs: number;
  /** After it, what is still to be checked is undecided: people wait for the report. */
  perReportMs: number;
}

export interface DefaultCheckRunnerOptions {
  clusters: ClusterRegistry;
  meshChecks: MeshCheck[];
  sidecarChecks: SidecarCheck[];
  /** What is checked before the leftovers with these ids are removed. */
  leftoverChecks?: (leftovers: string[]) => MeshCheck[];
  times?: Partial<CheckTimes>;
}

const DEFAULT_TIMES: CheckTimes = { perCheckMs: 10_000, perReportMs: 45_000 };

/** API servers are shared with everybody else. */
const WORKLOADS_AT_ONCE_PER_CLUSTER = 8;

/** Runs checks side by side, each with a time limit. */
export class DefaultCheckRunner implements CheckRunner {
  readonly #options: DefaultCheckRunnerOptions;
  readonly #times: CheckTimes;

  /** @throws ConflictError when two checks have one id */
  static create(options: DefaultCheckRunnerOptions): DefaultCheckRunner {
    assertUnique(options.meshChecks);
    assertUnique(options.sidecarChecks);
    return new DefaultCheckRunner(options);
  }

  private constructor(options: DefaultCheckRunnerOptions) {
    this.#options = options;
    this.#times = { ...DEFAULT_TIMES, ...options.times };
  }

  async checkMesh(
    mesh: InventoriedMesh,
    targetVersion: string,
    options: CheckOptions = {},
  ): Promise<CheckReport> {
    return this.#ofMesh(
      this.#options.meshChecks,
      { mesh, targetVersion, ...options },
      options,
    );
  }

  async checkLeftovers(
    mesh: InventoriedMesh,
    leftovers: string[],
    options: CheckOptions = {},
  ): Promise<CheckReport> {
    if (leftovers.length === 0) {
      throw new InputError('No leftover is selected; choose at least one.');
    }
    const checks = this.#options.leftoverChecks?.(leftovers) ?? [];
    const targetVersion = mesh.version ?? '';
    return this.#ofMesh(checks, { mesh, targetVersion, ...options }, options);
  }

  #ofMesh(
    checks: MeshCheck[],
    { mesh, targetVersion, runId, returning }: MeshCheckSubject,
    options: CheckOptions,
  ): Promise<CheckReport> {
    const { clusters } = this.#options;
    return this.#report(options, async (signal, run) => {
      const jobs = meshJobs(
        { mesh, targetVersion, runId, returning },
        { checks, clusters, asked: AskOnce.create({ signal }) },
      );
      options.onProgress?.({ type: 'planned', checks: plannedChecks(jobs) });
      return Promise.all(jobs.map(run));
    });
  }

  async checkSidecars(
    workloads: WorkloadDetail[],
    options: CheckOptions = {},
  ): Promise<CheckReport> {
    if (workloads.length === 0) {
      throw new InputError('No workload is selected; choose at least one.');
    }
    const { clusters, sidecarChecks } = this.#options;
    const limits = new Map(
      workloads.map(({ cluster }) => [
        cluster,
        pLimit(WORKLOADS_AT_ONCE_PER_CLUSTER),
      ]),
    );
    return this.#report(options, async (signal, run) => {
      const asked = AskOnce.create({ signal });
      options.onProgress?.({
        type: 'planned',
        checks: sidecarChecks.map(({ id, title }) => ({ check: id, title })),
        workloads: workloads.length,
      });
      const findings = await Promise.all(
        workloads.map(workload =>
          limits.get(workload.cluster)!(() =>
            Promise.all(
              sidecarJobs(workload, {
                checks: sidecarChecks,
                clusters,
                asked,
              }).map(run),
            ),
          ),
        ),
      );
      return findings.flat();
    });
  }

  async #report(
    options: CheckOptions,
    work: (
      signal: AbortSignal,
      run: (job: CheckJob) => Promise<CheckFinding[]>,
    ) => Promise<CheckFinding[][]>,
  ): Promise<CheckReport> {
    const { perCheckMs, perReportMs } = this.#times;
    const checkedAt = new Date().toISOString();
    const budget = new AbortController();
    const timer = setTimeout(
      () =>
        budget.abort(
          new Error(
            `not reached within the ${perReportMs / 1000} s of one report`,
          ),
        ),
      perReportMs,
    );
    const signal = options.signal
      ? AbortSignal.any([budget.signal, options.signal])
      : budget.signal;
    try {
      const findings = await work(signal, async job => {
        const decided = await runCheck(job, {
          timeLimitMs: perCheckMs,
          signal,
        });
        options.onProgress?.({
          type: 'result',
          check: job.check.id,
          ...job.place,
          findings: decided,
        });
        return decided;
      });
      return checkReport(checkedAt, findings.flat());
    } finally {
      clearTimeout(timer);
      // What a check left behind ends with its report.
      budget.abort(new Error('the report is done'));
    }
  }
}

function assertUnique(checks: { id: string }[]) {
  const ids = checks.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) {
    throw new ConflictError(
      `There are two checks '${twice}'; give each check an id of its own`,
    );
  }
}
