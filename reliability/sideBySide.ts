import { createRandom } from '../benchmarks/inventory/random';
import type { Database } from './Replica';
import type { TrialOptions } from './Trial';

/** What one of several fleets of a trial has to do. */
export interface Share extends Omit<TrialOptions, 'runs'> {
  /** Counted from 0. */
  index: number;
  /** Tells promises that were not kept, and remembers them. */
  blame(problems: string[]): void;
}

/**
 * Plays a trial on several fleets at the same time, as most of it waits for
 * leases to run out. Resolves with every promise that was not kept when all
 * of them are through: a fleet that broke hides nothing of the others.
 */
export async function sideBySide(
  fleets: number,
  { database, random, say }: TrialOptions,
  play: (share: Share) => Promise<void>,
): Promise<string[]> {
  const problems: string[] = [];
  const shares = Array.from({ length: fleets }, (_, index): Share => {
    const tell = (line: string) => say(`fleet ${index + 1}: ${line}`);
    return {
      index,
      database: ownDatabase(database, index),
      // Of its own: which fleet is faster must not change the moments.
      random: createRandom(Math.floor(random() * 2 ** 32)),
      say: tell,
      blame(found) {
        found.forEach(tell);
        problems.push(...found);
      },
    };
  });
  await Promise.all(
    shares.map(share =>
      play(share).catch(error => share.blame([`broke: ${error.stack}`])),
    ),
  );
  return problems;
}

function ownDatabase(database: Database, index: number): Database {
  return database.kind === 'PostgreSQL'
    ? { ...database, prefix: `fleet_${index + 1}_` }
    : database;
}
