import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LabPlatform } from '../acceptance/platforms/lab';
import type { UpgradeWorld } from '../acceptance/World';
import { ensureBundle } from '../scripts/lib/bundle.mjs';
import { findChromium } from '../scripts/lib/chromium.mjs';
import { CommandError, main } from '../scripts/lib/CommandError.mjs';
import { whenToldToEnd } from '../scripts/lib/ending.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { seconds } from '../scripts/lib/steps.mjs';
import { Browser } from './Browser';
import type { Journey } from './Journey';
import { journeys } from './journeys';

/** Upgrades of one mesh need a second person. */
const SETTINGS = {
  meshUpgrade: {
    upgrades: { approval: { kinds: ['mesh'], meshes: ['payments'] } },
  },
};

main(async () => {
  const { values } = parseArgs({
    options: {
      /** Writes the pictures of the README. */
      screenshots: { type: 'boolean' },
    },
  });
  const executable = findChromium();
  if (!executable) {
    throw new CommandError(
      'There is no Chromium on PATH: install it, or set CHROMIUM to its path.',
      { exitCode: 3 },
    );
  }
  await ensureBundle(process.env);
  const platform = LabPlatform.create({ settings: SETTINGS });
  let browser: Browser | undefined;
  try {
    const world = await platform.start();
    // The plugin is up before the one that signs people in; this waits for both.
    await world.product.get('ada', '/meshes');
    browser = Browser.create({
      executable,
      url: world.product.url,
      screenshots: values.screenshots ? join(root, 'docs/images') : undefined,
    });
    const failed = await Promise.race([
      playAll(browser, world),
      whenToldToEnd().then(signal => {
        throw new CommandError(`Ended by ${signal}.`);
      }),
    ]);
    console.log(`\n${journeys.length - failed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  } finally {
    await browser?.close();
    await platform.stop();
  }
});

/** Answers how many failed. */
async function playAll(browser: Browser, world: UpgradeWorld): Promise<number> {
  let failed = 0;
  for (const journey of journeys) {
    const startedAt = performance.now();
    const problems = await play(journey, browser, world);
    const time = seconds(performance.now() - startedAt);
    console.log(
      `  ${problems.length > 0 ? 'FAILED' : 'ok    '} ${
        journey.name
      } (${time})`,
    );
    problems.forEach(problem => console.log(`         ${problem}`));
    failed += problems.length > 0 ? 1 : 0;
  }
  return failed;
}

/** What went wrong, in the journey or in the console of its pages. */
async function play(
  journey: Journey,
  browser: Browser,
  world: UpgradeWorld,
): Promise<string[]> {
  try {
    await journey.run(browser, world);
    return browser.takeComplaints();
  } catch (error) {
    const picture = await browser.evidence(
      join(root, 'e2e/results', `${journeys.indexOf(journey)}.png`),
    );
    return [
      (error as Error).message,
      `what it saw: ${picture}`,
      ...browser.takeComplaints(),
    ];
  }
}
