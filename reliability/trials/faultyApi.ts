import type { ApiGate } from '../ApiGate';
import { Campaign } from '../Campaign';
import type { Fleet } from '../Fleet';
import { judgeWrites } from '../judge';
import type { Trial } from '../Trial';
import { inWorld } from '../World';

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
    const hits = new Map<string, number>(FAULTS.map(fault => [fault, 0]));
    await inWorld(
      { database },
      async ({ fleet, gates: [gate], replicas: [replica] }) => {
        for (const fault of FAULTS) {
          while (hits.get(fault)! < runs / FAULTS.length) {
            const campaign = await Campaign.prepare(fleet, replica);
            gate.writes.splice(0);
            await campaign.start(replica);
            // A start asks the clusters much, and is refused when it learns little.
            await campaign.started();
            const brokenAt = new Date().toISOString();
            await failRequests(fault, { fleet, gate, random });
            const over = await campaign.end(replica, END_TIMEOUT_MS);
            await failRequests(undefined, { fleet, gate, random });
            const found = [
              ...(await campaign.judge(replica, over)),
              ...judgeWrites(gate.writes),
            ];
            found.forEach(say);
            problems.push(...found);
            const hit = over.filter(({ endedAt }) => endedAt! > brokenAt);
            hits.set(fault, hits.get(fault)! + hit.length);
            say(
              `${hits.get(fault)} runs met ${fault} in a fifth of all answers`,
            );
          }
        }
      },
    );
    const counted = [...hits].map(([fault, hit]) => `${hit} with ${fault}`);
    return {
      counted: `runs while a fifth of the requests failed: ${counted.join(
        ', ',
      )}`,
      problems,
    };
  },
};

/** Nothing fails any more without a fault. */
async function failRequests(
  fault: (typeof FAULTS)[number] | undefined,
  to: { fleet: Fleet; gate: ApiGate; random: () => number },
): Promise<void> {
  to.gate.leaveUnanswered(fault === 'no answer' ? RATE : 0, to.random);
  await (fault === '429' || fault === '500'
    ? to.fleet.failRequests(RATE, fault === '429' ? 429 : 500)
    : to.fleet.failRequests(0, 500));
}
