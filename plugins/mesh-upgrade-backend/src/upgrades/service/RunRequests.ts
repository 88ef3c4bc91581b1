import { ConflictError, NotAllowedError } from '@backstage/errors';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { RunStore } from '../store/RunStore';
import { isFinalRunState, moveRun } from '../transitions';
import type { RunReader } from './RunReader';

export interface RunRequestsOptions {
  store: RunStore;
  reader: Pick<RunReader, 'knownRun'>;
  /** Called when the engine is to look at a run now. */
  poke(runId: string): void;
}

/** What people ask of a run that was started; the engine reads it from the store. */
export class RunRequests {
  readonly #options: RunRequestsOptions;

  static create(options: RunRequestsOptions): RunRequests {
    return new RunRequests(options);
  }

  private constructor(options: RunRequestsOptions) {
    this.#options = options;
  }

  async stop(
    runId: string,
    { stoppedBy }: { stoppedBy: string },
  ): Promise<RunView> {
    moveRun(await this.#run(runId), 'stopping');
    await this.#options.store.requestStop(runId, stoppedBy);
    return this.#requested(runId);
  }

  async pause(
    runId: string,
    { pausedBy }: { pausedBy: string },
  ): Promise<RunView> {
    moveRun(await this.#run(runId), 'paused');
    await this.#options.store.requestPause(runId, pausedBy);
    return this.#requested(runId);
  }

  async resume(
    runId: string,
    { resumedBy }: { resumedBy: string },
  ): Promise<RunView> {
    const { state } = await this.#run(runId);
    if (state !== 'paused') {
      throw new ConflictError(
        `Run '${runId}' is ${state}; only a paused run is resumed`,
      );
    }
    await this.#options.store.resume(runId, resumedBy);
    return this.#requested(runId);
  }

  async approve(
    runId: string,
    { approvedBy }: { approvedBy: string },
  ): Promise<RunView> {
    await this.#assertDecidable(runId, approvedBy);
    if (!(await this.#options.store.approve(runId, approvedBy))) {
      throw decidedMeanwhile(runId);
    }
    return this.#requested(runId);
  }

  async reject(
    runId: string,
    rejection: { rejectedBy: string; reason?: string },
  ): Promise<RunView> {
    await this.#assertDecidable(runId, rejection.rejectedBy);
    if (!(await this.#options.store.reject(runId, rejection))) {
      throw decidedMeanwhile(runId);
    }
    return this.#requested(runId);
  }

  async #assertDecidable(runId: string, user: string): Promise<void> {
    const { approval, startedBy, state } = await this.#run(runId);
    if (startedBy === user) {
      throw new NotAllowedError(
        `Run '${runId}' is decided by somebody else than ${user}, who started it`,
      );
    }
    if (!approval || approval.decision || isFinalRunState(state)) {
      throw new ConflictError(
        `Nothing is to be decided about run '${runId}': ${
          approval?.decision
            ? `it was ${approval.decision} by ${approval.decidedBy}`
            : `it is ${state}${approval ? '' : ' and needs no approval'}`
        }`,
      );
    }
  }

  #run(id: string): Promise<RunView> {
    return this.#options.reader.knownRun(id);
  }

  #requested(runId: string): Promise<RunView> {
    this.#options.poke(runId);
    return this.#run(runId);
  }
}

function decidedMeanwhile(runId: string): ConflictError {
  return new ConflictError(
    `Somebody else has decided about run '${runId}', or stopped it, meanwhile`,
  );
}
