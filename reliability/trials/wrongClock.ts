import { Campaign } from '../Campaign';
import { judgeWrites } from '../judge';
import type { Replica } from '../Replica';
import { sideBySide } from '../sideBySide';
import type { Trial } from '../Trial';
import { inWorld, type World } from '../World';

const HOUR_MS = 3_600_000;
/** Of one of two replicas, by fleet. */
const CLOCKS_AHEAD_MS = [HOUR_MS, -HOUR_MS];
/** Between the clocks of the database and of this process. */
const TOLERANCE_MS = 2_000;
const END_TIMEOUT_MS = 120_000;

/** Two replicas, and the clock of one of them is an hour ahead, of another two an hour behind. */
export const wrongClock: Trial = {
  name: 'wrong-clock',
  databases: ['PostgreSQL'],
  runs: 40,
  async run(options) {
    let ended = 0;
    const share = options.runs / CLOCKS_AHEAD_MS.length;
    const problems = await sideBySide(
      CLOCKS_AHEAD_MS.length,
      options,
      ({ index, database, say, blame }) =>
        inWorld(
          { database, clocks: [0, CLOCKS_AHEAD_MS[index]] },
          async world => {
            let own = 0;
            while (own < share) {
              for (const starter of world.replicas) {
                const over = await play(world, starter);
                blame(over.problems);
                own += over.runs;
                ended += over.runs;
                say(`${own} of ${share} runs ended`);
              }
            }
          },
        ),
    );
    return {
      counted: `${ended} runs beside a replica whose clock was an hour off, half of them started there`,
      problems,
    };
  },
};

async function play(
  { fleet, gates, replicas: [observer] }: World,
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
