import type { LoggerService } from '@backstage/backend-plugin-api';

/** The work of one replica from taking the lease to losing it. */
export class Tenure {
  readonly #controller = new AbortController();
  #running = true;
  #ended: Promise<void> = Promise.resolve();

  static start(options: {
    work: (signal: AbortSignal) => Promise<void>;
    logger: LoggerService;
    signal: AbortSignal;
  }): Tenure {
    const tenure = new Tenure();
    tenure.#ended = tenure.#run(options);
    return tenure;
  }

  /** False when the work failed: it is started again with the next renewal. */
  get running(): boolean {
    return this.#running;
  }

  async end(): Promise<void> {
    this.#controller.abort();
    await this.#ended;
  }

  async #run({
    work,
    logger,
    signal,
  }: Parameters<typeof Tenure.start>[0]): Promise<void> {
    try {
      await work(AbortSignal.any([signal, this.#controller.signal]));
    } catch (error) {
      logger.error(
        'The cluster could not be followed; trying again',
        error as Error,
      );
    } finally {
      this.#running = false;
    }
  }
}
