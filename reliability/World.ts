import { ApiGate } from './ApiGate';
import { Fleet } from './Fleet';
import { Replica, type Database } from './Replica';

/** A fleet, and the replicas that look after it, each with its own way there. */
export interface World {
  fleet: Fleet;
  /** By replica. */
  gates: ApiGate[];
  replicas: Replica[];
}

export interface WorldOptions {
  database: Database;
  /** How far the clock of each replica is ahead, in milliseconds; one for each replica. */
  clocks?: number[];
}

/** Does work in a world that lasts as long as the work, also when it throws. */
export async function inWorld(
  { database, clocks = [0] }: WorldOptions,
  work: (world: World) => Promise<void>,
): Promise<void> {
  const fleet = await Fleet.start();
  const gates: ApiGate[] = [];
  const replicas: Replica[] = [];
  try {
    for (const clockAheadMs of clocks) {
      const gate = await ApiGate.open(fleet.url);
      gates.push(gate);
      replicas.push(
        await Replica.start({
          database,
          settings: fleet.settings(gate),
          clockAheadMs,
        }),
      );
    }
    await work({ fleet, gates, replicas });
  } finally {
    for (const replica of replicas) {
      await replica.stop();
    }
    gates.forEach(gate => gate.close());
    await fleet.stop();
  }
}
