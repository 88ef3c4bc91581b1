import { ApiGate } from '../ApiGate';
import { Campaign } from '../Campaign';
import { Fleet } from '../Fleet';
import { judgeWrites } from '../judge';
import { Replica } from '../Replica';
import type { Trial } from '../Trial';

const HOUR_MS = 3_600_000;
/** Between the clocks of the database and of this process. */
const TOLERANCE_MS = 2_000;
const END_TIMEOUT_MS = 120_000;

/** Two replicas, and the clock of one of them is an hour ahead, then an hour behind. */
export const wrongClock: Trial = {
  name: 'wrong-clock',
  databases: ['PostgreSQL'],
  runs: 40,
  async run({ database, runs, say }) {
    const problems: string[] = [];
    const fleet = await Fleet.start();
    const gates = [
      await ApiGate.open(fleet.url),
      await ApiGate.open(fleet.url),
    ];
    let ended = 0;
    try {
      for (const clockAheadMs of [HOUR_MS, -HOUR_MS]) {
        const replicas: Replica[] = [];
        try {
          for (const [index, gate] of gates.entries()) {
            replicas.push(
              await Replica.start({
                database,
                settings: fleet.settings(gate),
                clockAheadMs: index === 0 ? undefined : clockAheadMs,
              }),
            );
          }
          const share = ended + runs / 2;
          while (ended < share) {
            for (const starter of replicas) {
              const over = await play(fleet, gates, replicas[0], starter);
              over.problems.forEach(say);
              problems.push(...over.problems);
              ended += over.runs;
              say(`${ended} of ${runs} runs ended`);
            }
          }
        } finally {
          for (const replica of replicas) {
            await replica.stop();
          }
        }
      }
    } finally {
      gates.forEach(gate => gate.close());
      await fleet.stop();
    }
    return {
      counted: `${ended} runs beside a replica whose clock was an hour off, half of them started there`,
      problems,
    };
  },
};

async function play(
  fleet: Fleet,
  gates: ApiGate[],
  observer: Replica,
  starter: Replica,
): Promise<{ runs: number; problems: string[] }> {
  const campaign = await Campaign.prepare(fleet, observer);
  gates.forEach(gate => gate.writes.splice(0));
  const startedAt = Date.now();
  await campaign.start(starter);
  const over = await campaign.end(observer, END_TIMEOUT_MS);
  const endedAt = Date.now();
  const isOff = (at: string) =>
    Date.parse(at) < startedAt - TOLERANCE_MS ||
    Date.parse(at) > endedAt + TOLERANCE_MS;
  const [right, wrong] = gates.map(
    ({ writes }) => new Set(writes.map(({ target }) => target)),
  );
  return {
    runs: over.length,
    problems: [
      ...(await campaign.judge(observer, over)),
      ...judgeWrites(gates.flatMap(({ writes }) => writes)),
      ...[...right]
        .filter(target => wrong.has(target))
        .map(target => `both replicas wrote ${target}`),
      ...over
        .filter(run => isOff(run.createdAt) || isOff(run.endedAt!))
        .map(
          run =>
            `run ${run.id} is said to have gone from ${run.createdAt} to ${run.endedAt}`,
        ),
    ],
  };
}
