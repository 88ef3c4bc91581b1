/**
 * Remembers for a few seconds what was decided, so that the many requests of
 * one page ask once. Callers who ask meanwhile wait for the same answer; a
 * failure is asked again.
 */
export class RecentDecisions {
  readonly #holdMs: number;
  readonly #now: () => number;
  readonly #decisions = new Map<
    string,
    { until: number; decision: Promise<boolean> }
  >();

  static create(options: {
    /** How long a decision holds, in milliseconds. */
    holdMs: number;
    /** Milliseconds that only grow; default: since the process started. */
    now?: () => number;
  }): RecentDecisions {
    return new RecentDecisions(options);
  }

  private constructor(options: Parameters<typeof RecentDecisions.create>[0]) {
    this.#holdMs = options.holdMs;
    this.#now = options.now ?? (() => performance.now());
  }

  async decide(caller: string, ask: () => Promise<boolean>): Promise<boolean> {
    const now = this.#now();
    const recent = this.#decisions.get(caller);
    if (recent && now < recent.until) {
      return recent.decision;
    }
    this.#forgetOld(now);
    const decision = ask();
    this.#decisions.set(caller, { until: now + this.#holdMs, decision });
    decision.catch(() => this.#decisions.delete(caller));
    return decision;
  }

  #forgetOld(now: number): void {
    for (const [caller, { until }] of this.#decisions) {
      if (now >= until) {
        this.#decisions.delete(caller);
      }
    }
  }
}
