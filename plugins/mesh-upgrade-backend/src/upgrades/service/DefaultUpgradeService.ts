import type {
  LastUpgrade,
  RunEvent,
  RunPage,
  RunSummary,
  RunView,
  StartRunRequest,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Run, UpgradeService } from '../types';
import { RunReader } from './RunReader';
import { RunRequests } from './RunRequests';
import { RunStarter, type RunStarterOptions } from './RunStarter';

export type DefaultUpgradeServiceOptions = Omit<RunStarterOptions, 'reader'>;

/** Plans, starts, stops and shows runs: what each door of the room leads to. */
export class DefaultUpgradeService implements UpgradeService {
  readonly #starter: RunStarter;
  readonly #requests: RunRequests;
  readonly #reader: RunReader;

  static create(options: DefaultUpgradeServiceOptions): DefaultUpgradeService {
    return new DefaultUpgradeService(options);
  }

  private constructor(options: DefaultUpgradeServiceOptions) {
    const reader = RunReader.create(options);
    this.#starter = RunStarter.create({ ...options, reader });
    this.#requests = RunRequests.create({ ...options, reader });
    this.#reader = reader;
  }

  plan(subject: UpgradeSubject): Promise<UpgradePlan> {
    return this.#starter.plan(subject);
  }

  start(
    request: StartRunRequest,
    options: { startedBy: string },
  ): Promise<RunView> {
    return this.#starter.start(request, options);
  }

  /** See {@link RunStarter.revalidate}. */
  revalidate(run: Run): Promise<string | undefined> {
    return this.#starter.revalidate(run);
  }

  stop(runId: string, options: { stoppedBy: string }): Promise<RunView> {
    return this.#requests.stop(runId, options);
  }

  pause(runId: string, options: { pausedBy: string }): Promise<RunView> {
    return this.#requests.pause(runId, options);
  }

  resume(runId: string, options: { resumedBy: string }): Promise<RunView> {
    return this.#requests.resume(runId, options);
  }

  approve(runId: string, options: { approvedBy: string }): Promise<RunView> {
    return this.#requests.approve(runId, options);
  }

  reject(
    runId: string,
    options: { rejectedBy: string; reason?: string },
  ): Promise<RunView> {
    return this.#requests.reject(runId, options);
  }

  run(id: string): Promise<RunView | undefined> {
    return this.#reader.run(id);
  }

  planOf(runId: string): Promise<UpgradePlan | undefined> {
    return this.#reader.planOf(runId);
  }

  runs(...query: Parameters<UpgradeService['runs']>): Promise<RunPage> {
    return this.#reader.runs(...query);
  }

  events(...query: Parameters<UpgradeService['events']>): Promise<RunEvent[]> {
    return this.#reader.events(...query);
  }

  activeRuns(): Promise<RunSummary[]> {
    return this.#reader.activeRuns();
  }

  lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>> {
    return this.#reader.lastUpgrades(workloads);
  }
}
