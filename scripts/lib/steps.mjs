const TICK_MS = 1000;

/** Prints what is being done and how long it took; ticks on a terminal. */
export class Steps {
  #out;
  #quiet;
  #startedAt = performance.now();

  /** `quiet` keeps steps that take less than two seconds to themselves. */
  constructor({ out = process.stdout, quiet = false } = {}) {
    this.#out = out;
    this.#quiet = quiet;
  }

  /** Seconds since the first step, e.g. `4.2 s`. */
  get elapsed() {
    return seconds(performance.now() - this.#startedAt);
  }

  /**
   * @template T
   * @param {string} title
   * @param {(tell: (note: string) => void) => Promise<T> | T} work
   *   `tell` adds a note to the line of the finished step.
   * @returns {Promise<T>}
   */
  async run(title, work) {
    const startedAt = performance.now();
    const line = mark =>
      `  ${mark} ${title.padEnd(34)} ${seconds(performance.now() - startedAt)}`;
    let note = '';
    let shown = false;
    const timer = setInterval(() => {
      if (this.#out.isTTY) {
        this.#out.write(`\r${line('…')}`);
      } else if (!shown) {
        this.#out.write(`  … ${title}\n`);
      }
      shown = true;
    }, TICK_MS);
    const end = mark => {
      clearInterval(timer);
      if (this.#quiet && !shown && mark === '✓') {
        return;
      }
      const back = this.#out.isTTY ? '\r' : '';
      this.#out.write(`${back}${line(mark)}${note && `  ${note}`}\n`);
    };
    try {
      const result = await work(text => {
        note = text;
      });
      end('✓');
      return result;
    } catch (error) {
      end('✗');
      throw error;
    }
  }
}

/** e.g. `0.4 s`, `12.3 s`, `3 min 12 s`. */
export function seconds(milliseconds) {
  const total = milliseconds / 1000;
  if (total < 60) {
    return `${total.toFixed(1)} s`;
  }
  return `${Math.floor(total / 60)} min ${Math.round(total % 60)} s`;
}
