import { parseArgs } from 'node:util';
import { CommandError, main } from '../scripts/lib/CommandError.mjs';
import { whenToldToEnd } from '../scripts/lib/ending.mjs';
import { platforms } from './platforms';
import type { Platform } from './platforms/Platform';
import { runScenario } from './runScenario';
import type { Scenario } from './Scenario';
import { scenarios } from './scenarios';

const USAGE = `npm run acceptance -- NAME --on ${Object.keys(platforms).join(
  '|',
)}
npm run acceptance -- --list`;

main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      on: { type: 'string', default: 'lab' },
      list: { type: 'boolean' },
    },
  });
  if (values.list) {
    scenarios.forEach(({ name, title }) => console.log(`${name}  ${title}`));
    return 0;
  }
  const scenario = scenarios.find(({ name }) => name === positionals[0]);
  const createPlatform = platforms[values.on];
  if (!scenario || !createPlatform) {
    throw new CommandError(USAGE, { exitCode: 2 });
  }
  if (scenario.only && scenario.only !== values.on) {
    throw new CommandError(
      `${scenario.name} is played on the ${scenario.only} only`,
      { exitCode: 2 },
    );
  }
  const platform = createPlatform();
  console.log(`${scenario.title}, on the ${values.on}`);
  try {
    const result = await Promise.race([
      play(scenario, platform),
      whenToldToEnd().then(signal => {
        throw new CommandError(`Ended by ${signal}.`);
      }),
    ]);
    console.log(`\n${result.passed} passed, ${result.failed} failed`);
    return result.failed > 0 ? 1 : 0;
  } finally {
    await platform.stop();
  }
});

async function play(scenario: Scenario, platform: Platform) {
  try {
    return await runScenario(scenario, await platform.start(scenario.fleet));
  } catch (error) {
    console.log(`The world did not start: ${(error as Error).message}`);
    return { passed: 0, failed: scenario.steps.length };
  }
}
