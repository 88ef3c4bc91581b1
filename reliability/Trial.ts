import type { Database } from './Replica';

/** What a trial needs to know of its surroundings. */
export interface TrialOptions {
  database: Database;
  /** Numbers from 0 to 1, the same for the same seed. */
  random: () => number;
  /** How many runs have to meet the trouble. */
  runs: number;
  /** Tells how far it is. */
  say(line: string): void;
}

/** One kind of trouble that runs have to get over. */
export interface Trial {
  name: string;
  /** One replica cannot share what is in its own file. */
  databases: Database['kind'][];
  /** How many runs meet it when nobody asks for another number. */
  runs: number;
  run(options: TrialOptions): Promise<TrialResult>;
}

export interface TrialResult {
  /** What was counted, in words. */
  counted: string;
  /** Every promise that was not kept; empty when all were. */
  problems: string[];
}
