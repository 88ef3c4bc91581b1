import { setTimeout as sleep } from 'node:timers/promises';
import { Campaign } from '../Campaign';
import { judgeWrites } from '../judge';
import { sideBySide } from '../sideBySide';
import type { Trial } from '../Trial';
import { inWorld } from '../World';
import { followUntil } from './followUntil';

const FLEETS = 2;
/** A suspension for so many runs that have to meet one. */
const RUNS_PER_SUSPENSION = 8;
const COURSE_MS = 5_000;
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
  runs: 48,
  async run(options) {
    const counted = { hit: 0, suspensions: 0, late: 0 };
    const runs = Math.ceil(options.runs / FLEETS);
    const suspensions = Math.ceil(options.runs / RUNS_PER_SUSPENSION / FLEETS);
    const problems = await sideBySide(FLEETS, options, share =>
      inWorld({ ...share, clocks: [0, 0] }, async world => {
        const { fleet, gates, replicas } = world;
        const [sleeper, other] = replicas;
        const [ofSleeper, ofOther] = gates;
        const own = { hit: 0, suspensions: 0 };
        while (own.hit < runs || own.suspensions < suspensions) {
          const campaign = await Campaign.prepare(fleet, sleeper);
          gates.forEach(gate => gate.writes.splice(0));
          await campaign.start(sleeper);
          // A start that is answered after the sleep would be a new run.
          await campaign.started();
          await followUntil(campaign, sleeper, share.random() * COURSE_MS);
          const suspendedAt = new Date().toISOString();
          sleeper.suspend();
          const [over] = await Promise.all([
            campaign.end(other, END_TIMEOUT_MS),
            sleep(SUSPENSION_MS),
          ]);
          const wokenAt = Date.now();
          sleeper.wake();
          await sleep(AFTERMATH_MS);
          const ownLate = ofSleeper.writes.filter(({ at }) => at >= wokenAt);
          share.blame([
            ...ownLate.map(({ target }) => `wrote after its lease: ${target}`),
            ...(await campaign.judge(other, over)),
            ...judgeWrites([...ofSleeper.writes, ...ofOther.writes]),
          ]);
          const hit = over.filter(({ endedAt }) => endedAt! > suspendedAt);
          own.hit += hit.length;
          own.suspensions += 1;
          counted.hit += hit.length;
          counted.suspensions += 1;
          counted.late += ownLate.length;
          share.say(
            `${own.hit} of ${runs} runs were under way when their replica slept, ${own.suspensions} of ${suspensions} times`,
          );
        }
      }),
    );
    return {
      counted: `${counted.hit} runs taken over from a replica that slept, ${counted.suspensions} times; ${counted.late} writes of its own after that`,
      problems,
    };
  },
};
