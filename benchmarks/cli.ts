import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { CommandError, main } from '../scripts/lib/CommandError.mjs';
import { root } from '../scripts/lib/paths.mjs';
import type { Benchmark } from './Benchmark';
import { checks } from './checks';
import { inventory } from './inventory';
import { meshUpgrade } from './meshUpgrade';
import { start } from './start';

const BENCHMARKS: Benchmark[] = [start, inventory, checks, meshUpgrade];

main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const benchmark = BENCHMARKS.find(one => one.name === name);
  if (!benchmark) {
    throw new CommandError(
      `npm run bench -- NAME, where NAME is one of:\n${BENCHMARKS.map(
        one => `  ${one.name}  ${one.title}`,
      ).join('\n')}`,
      { exitCode: 2 },
    );
  }
  const figures = await benchmark.run(args);
  console.log(
    JSON.stringify(
      { benchmark: name, machine: machine(), commit: commit(), figures },
      undefined,
      2,
    ),
  );
  return figures.every(({ ok }) => ok) ? 0 : 1;
});

function machine() {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  };
}

/** The commit, marked when the checkout differs from it; `unknown` without git. */
function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain') === '' ? '' : '-changed';
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}
