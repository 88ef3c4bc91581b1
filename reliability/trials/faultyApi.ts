import { ApiGate } from '../ApiGate';
import { Campaign } from '../Campaign';
import { Fleet } from '../Fleet';
import { judgeWrites } from '../judge';
import { Replica } from '../Replica';
import type { Trial } from '../Trial';

const RATE = 0.2;
const FAULTS = ['429', '500', 'no answer'] as const;
const END_TIMEOUT_MS = 600_000;

/** A fifth of all requests to the API servers fails while runs are under way. */
export const faultyApi: Trial = {
  name: 'faulty-api',
  databases: ['SQLite'],
  runs: 30,
  async run({ database, random, runs, say }) {
    const problems: string[] = [];
    const fleet = await Fleet.start();
    const gate = await ApiGate.open(fleet.url);
    const replica = await Replica.start({
      database,
      settings: fleet.settings(gate),
    });
    const hits = new Map<string, number>(FAULTS.map(fault => [fault, 0]));
    const failRequests = async (fault?: (typeof FAULTS)[number]) => {
      gate.leaveUnanswered(fault === 'no answer' ? RATE : 0, random);
      await (fault === '429' || fault === '500'
        ? fleet.failRequests(RATE, fault === '429' ? 429 : 500)
        : fleet.failRequests(0, 500));
    };
    try {
      for (const fault of FAULTS) {
        while (hits.get(fault)! < runs / FAULTS.length) {
          const campaign = await Campaign.prepare(fleet, replica);
          gate.writes.splice(0);
          await campaign.start(replica);
          // A start asks the clusters much, and is refused when it learns little.
          await campaign.started();
          const brokenAt = new Date().toISOString();
          await failRequests(fault);
          const over = await campaign.end(replica, END_TIMEOUT_MS);
          await failRequests();
          const found = [
            ...(await campaign.judge(replica, over)),
            ...judgeWrites(gate.writes),
          ];
          found.forEach(say);
          problems.push(...found);
          const hit = over.filter(({ endedAt }) => endedAt! > brokenAt).length;
          hits.set(fault, hits.get(fault)! + hit);
          say(`${hits.get(fault)} runs met ${fault} in a fifth of all answers`);
        }
      }
    } finally {
      await replica.stop();
      gate.close();
      await fleet.stop();
    }
    const counted = [...hits].map(([fault, hit]) => `${hit} with ${fault}`);
    return {
      counted: `runs while a fifth of the requests failed: ${counted.join(
        ', ',
      )}`,
      problems,
    };
  },
};
