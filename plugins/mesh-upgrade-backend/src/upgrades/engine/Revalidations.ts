import { toError } from '@backstage/errors';
import type { Run } from '../types';
import type { Revalidation } from './turnOf';

/** How long an answer counts. */
const HOLDS_MS: Record<Revalidation['kind'], number> = {
  fits: 30_000,
  refused: 30_000,
  delayed: 10_000,
};

interface Entry {
  answer?: Revalidation;
  at: number;
}

/** Plans and checks runs again in the background, because that takes longer than a lease. */
export class Revalidations {
  readonly #revalidate: (run: Run) => Promise<string | undefined>;
  readonly #entries = new Map<string, Entry>();

  /** @param options - `revalidate` answers why the run must not begin; it throws when that cannot be decided now */
  static create(options: {
    revalidate(run: Run): Promise<string | undefined>;
  }): Revalidations {
    return new Revalidations(options.revalidate);
  }

  private constructor(revalidate: (run: Run) => Promise<string | undefined>) {
    this.#revalidate = revalidate;
  }

  /** What is known of the run lately; asks when nothing is. */
  of(run: Run): Revalidation | undefined {
    const entry = this.#entries.get(run.id);
    const age = performance.now() - (entry?.at ?? 0);
    if (entry && (!entry.answer || age < HOLDS_MS[entry.answer.kind])) {
      return entry.answer;
    }
    const asked: Entry = { at: 0 };
    this.#entries.set(run.id, asked);
    this.#ask(run).then(answer => {
      asked.answer = answer;
      asked.at = performance.now();
    });
    return undefined;
  }

  forget(runId: string): void {
    this.#entries.delete(runId);
  }

  async #ask(run: Run): Promise<Revalidation> {
    try {
      const why = await this.#revalidate(run);
      return why === undefined ? { kind: 'fits' } : { kind: 'refused', why };
    } catch (error) {
      return { kind: 'delayed', why: toError(error).message };
    }
  }
}
