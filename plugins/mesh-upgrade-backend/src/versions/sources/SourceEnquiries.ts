import { toError } from '@backstage/errors';
import { RegistryError } from '../registry/RegistryError';
import type { SourceRecord, SourceStore, VersionSource } from './types';

interface EnquiryOptions {
  store: SourceStore;
  /** A source that this or another replica asked less long ago is not due. */
  minAgeMs: number;
  /** Called after a source was asked. */
  onChange: () => void;
}

/** Asks sources and keeps what they say; whoever asks meanwhile waits for the same answer. */
export class SourceEnquiries {
  readonly #options: EnquiryOptions;
  readonly #underWay = new Map<string, Promise<void>>();

  static create(options: EnquiryOptions): SourceEnquiries {
    return new SourceEnquiries(options);
  }

  private constructor(options: EnquiryOptions) {
    this.#options = options;
  }

  /** Rejects only when the answer cannot be kept: what went wrong at the source is part of what is known. */
  async ask(source: VersionSource, signal?: AbortSignal): Promise<void> {
    const { name } = source;
    const asking =
      this.#underWay.get(name) ??
      this.#read(source, signal).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, asking);
    await asking;
  }

  /** Whether a source may be asked again. */
  isDue(known: SourceRecord | undefined): boolean {
    const now = Date.now();
    return (
      known === undefined ||
      (now - known.askedAt.getTime() >= this.#options.minAgeMs &&
        now >= (known.retryAt?.getTime() ?? 0))
    );
  }

  async #read(
    source: VersionSource,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { store } = this.#options;
    try {
      const answer = await source.read({ signal });
      await store.saveAnswer(source.name, { answer, at: new Date() });
    } catch (error) {
      // A cancelled question says nothing about the source.
      if (signal?.aborted) {
        return;
      }
      // A registry may say anything; PostgreSQL keeps every character but this.
      const message = toError(error).message.replaceAll('\0', '');
      const at = new Date();
      await store.saveFailure(source.name, {
        error: message,
        at,
        retryAt: retryAt(error, at),
      });
    }
    this.#options.onChange();
  }
}

function retryAt(error: unknown, now: Date): Date | undefined {
  return error instanceof RegistryError && error.retryAfterMs !== undefined
    ? new Date(now.getTime() + error.retryAfterMs)
    : undefined;
}
