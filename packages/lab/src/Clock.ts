/**
 * Time as the servers of a cluster see it: delays run `speed` times faster than told, and the
 * present is off by `skew` milliseconds.
 */
export class Clock {
  readonly #speed: number;
  readonly #skew: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(speed: number, skew: () => number = () => 0) {
    this.#speed = speed;
    this.#skew = skew;
  }

  /** The present. */
  get date(): Date {
    return new Date(Date.now() + this.#skew());
  }

  /** The present as Kubernetes writes it: RFC 3339 with whole seconds. */
  readonly now = (): string => kubernetesTime(this.date);

  /** Runs `task` after this many milliseconds of lab time; the answer cancels it. */
  after(milliseconds: number, task: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      try {
        task();
      } catch (error) {
        // One odd object must not end the fleet: as in a real cluster, its controller complains.
        console.error('A controller of the lab failed:', error);
      }
    }, milliseconds / this.#speed);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /** Forgets everything that was to happen. */
  clear() {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
  }
}

/** RFC 3339 with whole seconds. */
export function kubernetesTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
