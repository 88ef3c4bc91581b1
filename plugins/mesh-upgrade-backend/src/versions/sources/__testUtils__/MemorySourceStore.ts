import type { SourceRecord, SourceStore } from '../types';

/** Forgets with the process; for a catalog without a database. */
export class MemorySourceStore implements SourceStore {
  readonly #records = new Map<string, SourceRecord>();

  async records() {
    return new Map(this.#records);
  }

  async saveAnswer(
    name: string,
    { answer, at }: Parameters<SourceStore['saveAnswer']>[1],
  ) {
    this.#records.set(name, { name, answer, seenAt: at, askedAt: at });
  }

  async saveFailure(
    name: string,
    { error, at, retryAt }: Parameters<SourceStore['saveFailure']>[1],
  ) {
    const { answer, seenAt } = this.#records.get(name) ?? {};
    this.#records.set(name, {
      name,
      answer,
      seenAt,
      askedAt: at,
      error,
      retryAt,
    });
  }

  async forgetBefore(time: Date) {
    for (const [name, { askedAt }] of this.#records) {
      if (askedAt < time) {
        this.#records.delete(name);
      }
    }
  }
}
