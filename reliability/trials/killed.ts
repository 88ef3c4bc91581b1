import { setTimeout as sleep } from 'node:timers/promises';
import { Campaign } from '../Campaign';
import { judgeWrites } from '../judge';
import type { Replica } from '../Replica';
import { sideBySide } from '../sideBySide';
import type { Trial } from '../Trial';
import { inWorld } from '../World';
import { followUntil } from './followUntil';

const FLEETS = 3;
/** A kill for so many runs that have to meet one. */
const RUNS_PER_KILL = 2;
/** A campaign outlives so many kills at most, each after as long at most. */
const KILLS_PER_CAMPAIGN = 5;
const COURSE_MS = 4_000;
/** So many campaigns lose the backend while it answers their starts. */
const KILLED_WHILE_STARTING = 0.25;
/** So many of all restarts are killed at once, while the dead one's leases still run. */
const KILLED_WHILE_WAITING = 0.2;
/** Longer than such a lease. */
const TAKE_OVER_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 180_000;

/** The only backend is killed by SIGKILL at a random moment, and started again. */
export const killed: Trial = {
  name: 'killed',
  databases: ['SQLite', 'PostgreSQL'],
  runs: 100,
  async run(options) {
    const counted = { ended: 0, hit: 0, kills: 0, writes: 0 };
    const runs = Math.ceil(options.runs / FLEETS);
    const kills = Math.ceil(options.runs / RUNS_PER_KILL / FLEETS);
    const problems = await sideBySide(FLEETS, options, share =>
      inWorld(share, async ({ fleet, gates: [gate], replicas: [replica] }) => {
        const own = { hit: 0, kills: 0 };
        while (own.hit < runs || own.kills < kills) {
          const campaign = await Campaign.prepare(fleet, replica);
          gate.writes.length = 0;
          await campaign.start(replica);
          if (share.random() >= KILLED_WHILE_STARTING) {
            await campaign.started();
          }
          const killedAt = await killAgainAndAgain(campaign, replica, {
            random: share.random,
            // What is left; once at least.
            times: Math.min(KILLS_PER_CAMPAIGN, kills - own.kills),
          });
          const over = await campaign.end(replica, END_TIMEOUT_MS);
          share.blame([
            ...(await campaign.judge(replica, over)),
            ...judgeWrites(gate.writes),
          ]);
          const underWay = (at: string) =>
            over.filter(({ endedAt }) => endedAt! > at).length;
          const hit = underWay(killedAt[0]);
          const effective = killedAt.filter(at => underWay(at) > 0).length;
          own.hit += hit;
          own.kills += effective;
          counted.hit += hit;
          counted.kills += effective;
          counted.ended += over.length;
          counted.writes += gate.writes.length;
          share.say(
            `${own.hit} of ${runs} runs were under way when they lost the backend, ${own.kills} of ${kills} times`,
          );
        }
      }),
    );
    return {
      counted: `${counted.ended} runs ended, ${counted.hit} of them under way at one of ${counted.kills} kills; ${counted.writes} writes on clusters`,
      problems,
    };
  },
};

/** Returns when it was killed. */
async function killAgainAndAgain(
  campaign: Campaign,
  replica: Replica,
  { random, times }: { random: () => number; times: number },
): Promise<string[]> {
  const killedAt: string[] = [];
  for (;;) {
    await followUntil(campaign, replica, random() * COURSE_MS);
    killedAt.push(new Date().toISOString());
    await replica.kill();
    const deadAt = new Date().toISOString();
    await sleep(random() * 1000);
    await replica.startAgain();
    if (killedAt.length >= times) {
      return killedAt;
    }
    const waits = random() < KILLED_WHILE_WAITING;
    if (
      !waits &&
      !(await campaign.goesOn(replica, deadAt, TAKE_OVER_TIMEOUT_MS))
    ) {
      return killedAt;
    }
  }
}
