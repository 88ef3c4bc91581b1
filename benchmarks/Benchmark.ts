/** One measured number and what it may be. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The greatest value that is still good, in `unit`. */
  limit: number;
  /** What was timed in the same run for comparison, and its value. */
  comparedWith: string;
  ok: boolean;
}

/** A measurement that `npm run bench -- NAME` makes. */
export interface Benchmark {
  name: string;
  title: string;
  /** @param args - options after the name */
  run(args: string[]): Promise<Figure[]>;
}
