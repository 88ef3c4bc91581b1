import { parseArgs } from 'node:util';
import { createRandom } from '../benchmarks/inventory/random';
import { CommandError, main } from '../scripts/lib/CommandError.mjs';
import { whenToldToEnd } from '../scripts/lib/ending.mjs';
import { inLanes } from '../scripts/lib/lanes.mjs';
import { startPostgres } from '../scripts/lib/postgres.mjs';
import { seconds } from '../scripts/lib/steps.mjs';
import type { Database } from './Replica';
import type { Trial } from './Trial';
import { trials } from './trials';

const KINDS: Database['kind'][] = ['SQLite', 'PostgreSQL'];
const USAGE = `npm run reliability -- [NAME ...] [--on sqlite|postgresql] [--runs N] [--seed N], where NAME is one of: ${trials
  .map(({ name }) => name)
  .join(', ')}`;

main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      on: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const chosen = trials.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const kinds = KINDS.filter(
    kind => !values.on || kind.toLowerCase() === values.on.toLowerCase(),
  );
  const unknown = positionals.length > chosen.length || kinds.length === 0;
  const seed = Number(values.seed ?? Date.now() % 100_000);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (unknown || Number.isNaN(seed) || Number.isNaN(runs ?? 0)) {
    throw new CommandError(USAGE, { exitCode: 2 });
  }
  // Told, so that a trial that failed can be played again.
  console.log(`Seed ${seed}`);
  const verdicts = await Promise.race([
    playAll(chosen, { kinds, runs, seed }),
    whenToldToEnd().then(signal => {
      throw new CommandError(`Ended by ${signal}.`);
    }),
  ]);
  const failed = verdicts.filter(passed => !passed).length;
  console.log(`\n${verdicts.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});

/** A lane for each database. Resolves with whether each trial passed. */
function playAll(
  chosen: Trial[],
  options: { kinds: Database['kind'][]; runs?: number; seed: number },
): Promise<boolean[]> {
  return inLanes(
    options.kinds.map(kind =>
      chosen
        .filter(({ databases }) => databases.includes(kind))
        .map(trial => () => play(trial, kind, options)),
    ),
    error => {
      console.log(`FAILED ${error.stack}`);
      return false;
    },
  );
}

async function play(
  trial: Trial,
  kind: Database['kind'],
  options: { runs?: number; seed: number },
): Promise<boolean> {
  const startedAt = performance.now();
  const title = `${trial.name} on ${kind}`;
  const say = (text: string) =>
    text.split('\n').forEach(line => console.log(`  ${title}: ${line}`));
  const tell = (verdict: string, counted: string) =>
    console.log(
      `${verdict.padEnd(6)} ${title}: ${counted} (${seconds(
        performance.now() - startedAt,
      )})`,
    );
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  say('begins');
  try {
    postgres = kind === 'PostgreSQL' ? await startPostgres() : undefined;
    const { counted, problems } = await trial.run({
      database: postgres
        ? { kind: 'PostgreSQL', url: postgres.url }
        : { kind: 'SQLite' },
      random: createRandom(options.seed),
      runs: options.runs ?? trial.runs,
      say,
    });
    tell(problems.length === 0 ? 'ok' : 'FAILED', counted);
    return problems.length === 0;
  } catch (error) {
    say((error as Error).stack ?? String(error));
    tell('FAILED', (error as Error).message.split('\n')[0]);
    return false;
  } finally {
    await postgres?.stop();
  }
}
