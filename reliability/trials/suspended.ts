import { setTimeout as sleep } from 'node:timers/promises';
import { ApiGate } from '../ApiGate';
import { Campaign } from '../Campaign';
import { Fleet } from '../Fleet';
import { judgeWrites } from '../judge';
import { Replica } from '../Replica';
import type { Trial } from '../Trial';
import { followUntil } from './followUntil';

const COURSE_MS = 4_000;
/** Longer than the lease of a run. */
const SUSPENSION_MS = 20_000;
/** Long enough for whatever the sleeper was about to do. */
const AFTERMATH_MS = 8_000;
const END_TIMEOUT_MS = 180_000;

/**
 * Of two replicas the one that drives all runs is suspended by SIGSTOP for
 * longer than its lease, and goes on when the other one has done the rest.
 */
export const suspended: Trial = {
  name: 'suspended',
  databases: ['PostgreSQL'],
  runs: 20,
  async run({ database, random, runs, say }) {
    const problems: string[] = [];
    const fleet = await Fleet.start();
    const gates = [
      await ApiGate.open(fleet.url),
      await ApiGate.open(fleet.url),
    ];
    const [ofSleeper, ofOther] = gates;
    const replicas: Replica[] = [];
    let hit = 0;
    let suspensions = 0;
    let late = 0;
    try {
      for (const gate of gates) {
        replicas.push(
          await Replica.start({ database, settings: fleet.settings(gate) }),
        );
      }
      const [sleeper, other] = replicas;
      while (hit < runs) {
        const campaign = await Campaign.prepare(fleet, sleeper);
        gates.forEach(gate => gate.writes.splice(0));
        await campaign.start(sleeper);
        // A start that is answered after the sleep would be a new run.
        await campaign.started();
        await followUntil(campaign, sleeper, random() * COURSE_MS);
        const suspendedAt = new Date().toISOString();
        sleeper.suspend();
        suspensions += 1;
        const [over] = await Promise.all([
          campaign.end(other, END_TIMEOUT_MS),
          sleep(SUSPENSION_MS),
        ]);
        const wokenAt = Date.now();
        sleeper.wake();
        await sleep(AFTERMATH_MS);
        const ownLate = ofSleeper.writes.filter(({ at }) => at >= wokenAt);
        const found = [
          ...ownLate.map(({ target }) => `wrote after its lease: ${target}`),
          ...(await campaign.judge(other, over)),
          ...judgeWrites([...ofSleeper.writes, ...ofOther.writes]),
        ];
        found.forEach(say);
        problems.push(...found);
        late += ownLate.length;
        hit += over.filter(({ endedAt }) => endedAt! > suspendedAt).length;
        say(`${hit} of ${runs} runs were under way when their replica slept`);
      }
    } finally {
      for (const replica of replicas) {
        await replica.stop();
      }
      gates.forEach(gate => gate.close());
      await fleet.stop();
    }
    return {
      counted: `${hit} runs taken over from a replica that slept, ${suspensions} times; ${late} writes of its own after that`,
      problems,
    };
  },
};
