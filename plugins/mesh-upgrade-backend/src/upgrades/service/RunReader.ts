import { NotFoundError } from '@backstage/errors';
import type {
  LastUpgrade,
  RunEvent,
  RunFilter,
  RunPage,
  RunSummary,
  RunView,
  UpgradePlan,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { DurationHistory } from '../durations/DurationHistory';
import { usualDurations } from '../durations/usualDurations';
import type { RunPolicy } from '../schedule/RunPolicy';
import type { RunStore } from '../store/RunStore';
import type { Run } from '../types';
import { newestUpgrade, returnTarget } from './returnTarget';
import { runView } from './runView';

export interface RunReaderOptions {
  store: RunStore;
  durations: Pick<DurationHistory, 'seen'>;
  policy: RunPolicy;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** Shows runs, their plans and their events. */
export class RunReader {
  readonly #options: RunReaderOptions;

  static create(options: RunReaderOptions): RunReader {
    return new RunReader(options);
  }

  private constructor(options: RunReaderOptions) {
    this.#options = options;
  }

  async run(id: string): Promise<RunView | undefined> {
    const { store, durations, policy } = this.#options;
    const run = await store.get(id);
    if (!run) {
      return undefined;
    }
    const usual = usualDurations(run, await durations.seen(), policy);
    return { ...runView(run, usual), returnTo: await this.#returnTo(run) };
  }

  /** @throws NotFoundError when nobody knows the run */
  async knownRun(id: string): Promise<RunView> {
    const view = await this.run(id);
    if (!view) {
      throw new NotFoundError(`No run '${id}' is known`);
    }
    return view;
  }

  async planOf(runId: string): Promise<UpgradePlan | undefined> {
    return (await this.#options.store.get(runId))?.plan;
  }

  async runs(
    filter: RunFilter & { limit?: number; cursor?: string },
  ): Promise<RunPage> {
    return this.#options.store.list({
      ...filter,
      limit: clampLimit(filter.limit),
    });
  }

  async events(
    runId: string,
    options: { after?: number; output?: boolean; limit?: number },
  ): Promise<RunEvent[]> {
    return this.#options.store.events(runId, {
      ...options,
      limit: clampLimit(options.limit),
    });
  }

  async activeRuns(): Promise<RunSummary[]> {
    const { store } = this.#options;
    const { items } = await store.list({ active: true, limit: MAX_LIMIT });
    return items;
  }

  async lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>> {
    return this.#options.store.lastUpgrades(workloads);
  }

  async #returnTo(run: Run): Promise<string | undefined> {
    const version = returnTarget(run);
    if (version === undefined || run.meshId === undefined) {
      return undefined;
    }
    const newest = await newestUpgrade(this.#options.store, run.meshId);
    return newest?.id === run.id ? version : undefined;
  }
}

function clampLimit(limit = DEFAULT_LIMIT): number {
  return Math.max(1, Math.min(MAX_LIMIT, limit));
}
