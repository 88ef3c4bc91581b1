import { CommandError, main } from './lib/CommandError.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { integration, unit } from './lib/parts/jest.mjs';
import { lint } from './lib/parts/lint.mjs';
import { types } from './lib/parts/types.mjs';
import {
  acceptance,
  cluster,
  conformance,
  e2e,
  reliability,
  testbed,
} from './lib/parts/worlds.mjs';
import { whenToldToEnd } from './lib/ending.mjs';
import { Steps } from './lib/steps.mjs';
import { buildTestbed } from './lib/testbed.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const ALL = [
  types,
  lint,
  unit,
  integration,
  testbed,
  conformance,
  acceptance,
  e2e,
  reliability,
];
const PARTS = [...ALL, cluster];

/** Parts that run long enough after the others to build the testbed meanwhile. */
const NEED_TESTBED = new Set([testbed, conformance, acceptance, cluster]);

await main(() =>
  Promise.race([
    test(process.argv.slice(2)),
    whenToldToEnd().then(signal => {
      throw new CommandError(`Ended by ${signal}.`);
    }),
  ]),
);

async function test(names) {
  const parts = choose(names);
  const steps = new Steps();
  process.stdout.write('\n');
  const env = await steps.run('Node and Yarn', () => ensureToolchain());
  await steps.run('Dependencies', () => ensureDependencies(env));

  const context = { env, testbedMissing: once(() => buildTestbed(env)) };
  if (parts.some(part => NEED_TESTBED.has(part))) {
    // Its outcome is awaited by the parts that need it.
    context.testbedMissing().catch(() => {});
  }
  const results = [];
  for (const part of parts) {
    results.push(await runPart(part, context, steps));
  }
  return tell(results);
}

function choose(names) {
  if (names.length === 0) {
    return ALL;
  }
  return names.map(name => {
    const part = PARTS.find(candidate => candidate.name === name);
    if (!part) {
      throw new CommandError(
        `There is no part '${name}': ${PARTS.map(one => one.name).join(', ')}`,
      );
    }
    return part;
  });
}

async function runPart(part, context, steps) {
  const result = await steps.run(part.name, async tell => {
    const outcome = await part
      .run(context)
      .catch(error => ({ passed: 0, failed: 1, output: error.message }));
    tell(counts(outcome));
    return outcome;
  });
  result.notes?.forEach(line => process.stdout.write(`      ${line}\n`));
  if (result.failed > 0) {
    process.stdout.write(`\n${result.output}\n\n`);
  }
  return result;
}

/** Prints what was left out and, last, the counts; returns the exit code. */
function tell(results) {
  const missing = [...new Set(results.flatMap(result => result.missing ?? []))];
  if (missing.length > 0) {
    process.stdout.write('\nNot run on this machine:\n');
    missing.forEach(line => process.stdout.write(`  ${line}\n`));
  }
  const total = key =>
    results.reduce((count, result) => count + (result[key] ?? 0), 0);
  const incomplete = process.env.CI === 'true' ? missing.length : 0;
  if (incomplete > 0) {
    process.stdout.write('With CI=true everything has to run.\n');
  }
  const sums = {
    passed: total('passed'),
    failed: total('failed') + incomplete,
    skipped: total('skipped') + missing.length - incomplete,
  };
  process.stdout.write(`\n${counts(sums)}\n`);
  return sums.failed > 0 ? 1 : 0;
}

function counts({ passed, failed, skipped = 0 }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function once(work) {
  let promise;
  return () => {
    promise ??= work();
    return promise;
  };
}
