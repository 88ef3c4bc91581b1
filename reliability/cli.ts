import { parseArgs } from 'node:util';
import { createRandom } from '../benchmarks/inventory/random';
import { CommandError, main } from '../scripts/lib/CommandError.mjs';
import { whenToldToEnd } from '../scripts/lib/ending.mjs';
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
  const failed = await Promise.race([
    playAll(chosen, { kinds, runs, seed }),
    whenToldToEnd().then(signal => {
      throw new CommandError(`Ended by ${signal}.`);
    }),
  ]);
  const total = chosen.flatMap(({ databases }) =>
    databases.filter(kind => kinds.includes(kind)),
  ).length;
  console.log(`\n${total - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});

async function playAll(
  chosen: Trial[],
  options: { kinds: Database['kind'][]; runs?: number; seed: number },
): Promise<number> {
  let failed = 0;
  for (const trial of chosen) {
    for (const kind of trial.databases) {
      if (options.kinds.includes(kind)) {
        failed += (await play(trial, kind, options)) ? 0 : 1;
      }
    }
  }
  return failed;
}

async function play(
  trial: Trial,
  kind: Database['kind'],
  options: { runs?: number; seed: number },
): Promise<boolean> {
  const startedAt = performance.now();
  console.log(`\n${trial.name}, on ${kind}`);
  const postgres = kind === 'PostgreSQL' ? await startPostgres() : undefined;
  try {
    const { counted, problems } = await trial.run({
      database: postgres
        ? { kind: 'PostgreSQL', url: postgres.url }
        : { kind: 'SQLite' },
      random: createRandom(options.seed),
      runs: options.runs ?? trial.runs,
      say: line => console.log(`  ${line}`),
    });
    const verdict = problems.length === 0 ? 'ok    ' : 'FAILED';
    console.log(
      `${verdict} ${trial.name} on ${kind}: ${counted} (${seconds(
        performance.now() - startedAt,
      )})`,
    );
    return problems.length === 0;
  } catch (error) {
    console.log(`  FAILED: ${(error as Error).stack}`);
    return false;
  } finally {
    await postgres?.stop();
  }
}
