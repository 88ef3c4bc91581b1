import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  CHANGES_CHANNEL,
  type ChangeKind,
  type ChangeSignal,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** The shortest time between two signals. */
const SPACING_MS = 1_000;
/** Pages take a longer silence for a broken connection. */
const BEAT_MS = 10_000;
/** While Backstage starts, one or two may fail. */
const FAILURES_OF_AN_OUTAGE = 3;

/**
 * Tells open pages that something changed, so that they ask again. The first
 * change is told at once, those within the next second together at its end;
 * silence is broken by an empty signal, so that pages know that they would
 * have been told.
 */
export class ChangeAnnouncer {
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  readonly #waiting = new Set<ChangeKind>();
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #spaced = false;
  #failures = 0;

  static create(options: {
    signals: SignalsService;
    logger: LoggerService;
  }): ChangeAnnouncer {
    return new ChangeAnnouncer(options);
  }

  private constructor(options: {
    signals: SignalsService;
    logger: LoggerService;
  }) {
    this.#signals = options.signals;
    this.#logger = options.logger;
  }

  /** Returns at once; what cannot be told is dropped, as pages look by themselves too. */
  announce(kind: ChangeKind): void {
    this.#waiting.add(kind);
    if (this.#running && !this.#spaced) {
      this.#tell();
    }
  }

  /** Begins to tell. */
  start(): void {
    this.#running = true;
    this.#tell();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    const changed = [...this.#waiting].sort();
    this.#waiting.clear();
    this.#spaced = true;
    this.#publish({ changed });
    this.#after(SPACING_MS, () => {
      this.#spaced = false;
      if (this.#waiting.size > 0) {
        this.#tell();
      } else {
        this.#after(BEAT_MS - SPACING_MS, () => this.#tell());
      }
    });
  }

  #after(milliseconds: number, act: () => void): void {
    this.#timer = setTimeout(act, milliseconds);
    this.#timer.unref();
  }

  async #publish(message: ChangeSignal): Promise<void> {
    try {
      await this.#signals.publish({
        channel: CHANGES_CHANNEL,
        recipients: { type: 'broadcast' },
        message,
      });
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      // One line per outage: this is tried every few seconds.
      if (this.#failures === FAILURES_OF_AN_OUTAGE && this.#running) {
        this.#logger.warn(
          'Pages cannot be told that something changed; they look by themselves meanwhile',
          error as Error,
        );
      }
    }
  }
}
