import { setTimeout as sleep } from 'node:timers/promises';
import { ApiGate } from '../ApiGate';
import { Campaign } from '../Campaign';
import { Fleet } from '../Fleet';
import { judgeWrites } from '../judge';
import { Replica } from '../Replica';
import type { Trial } from '../Trial';
import { followUntil } from './followUntil';

/** A campaign outlives so many kills, each after as long at most. */
const KILLS_PER_CAMPAIGN = 2;
const COURSE_MS = 5_000;
const END_TIMEOUT_MS = 120_000;

/** The only backend is killed by SIGKILL at a random moment, and started again. */
export const killed: Trial = {
  name: 'killed',
  databases: ['SQLite', 'PostgreSQL'],
  runs: 100,
  async run({ database, random, runs, say }) {
    const problems: string[] = [];
    const fleet = await Fleet.start();
    const gate = await ApiGate.open(fleet.url);
    const replica = await Replica.start({
      database,
      settings: fleet.settings(gate),
    });
    let hit = 0;
    let kills = 0;
    let ended = 0;
    let writes = 0;
    try {
      while (hit < runs) {
        const campaign = await Campaign.prepare(fleet, replica);
        gate.writes.length = 0;
        await campaign.start(replica);
        const killedAt: string[] = [];
        while (killedAt.length < KILLS_PER_CAMPAIGN) {
          await followUntil(campaign, replica, random() * COURSE_MS);
          killedAt.push(new Date().toISOString());
          await replica.kill();
          await sleep(random() * 1000);
          await replica.startAgain();
        }
        const over = await campaign.end(replica, END_TIMEOUT_MS);
        const found = [
          ...(await campaign.judge(replica, over)),
          ...judgeWrites(gate.writes),
        ];
        found.forEach(say);
        problems.push(...found);
        hit += over.filter(({ endedAt }) => endedAt! > killedAt[0]).length;
        kills += killedAt.length;
        ended += over.length;
        writes += gate.writes.length;
        say(`${hit} of ${runs} runs were under way when they lost the backend`);
      }
    } finally {
      await replica.stop();
      gate.close();
      await fleet.stop();
    }
    return {
      counted: `${ended} runs ended, ${hit} of them under way at one of ${kills} kills; ${writes} writes on clusters`,
      problems,
    };
  },
};
