/**
 * Runs the conformance suite: `conformance/cli.ts --on lab | testbed`.
 * Exit code 0: all passed; 1: some failed; 2: called wrongly; 3: the platform is not there.
 */
import { parseArgs } from 'node:util';
import { createFixtures, removeFixtures } from './Fixtures';
import { startLabPlatform } from './lab';
import { PlatformUnavailable, type Platform } from './Platform';
import { cases } from './suite';
import { connectTestbedPlatform } from './testbed';

const PLATFORMS: Record<string, () => Promise<Platform>> = {
  lab: startLabPlatform,
  testbed: connectTestbedPlatform,
};

async function runCases(platform: Platform): Promise<number> {
  const client = platform.connect('admin');
  const fixtures = await createFixtures(platform, client);
  let failed = 0;
  try {
    for (const { name, run } of cases) {
      const started = Date.now();
      try {
        await run(client, fixtures);
        console.log(`ok      ${name} (${Date.now() - started} ms)`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${name}\n        ${(error as Error).message}`);
      }
    }
  } finally {
    await removeFixtures(client, fixtures);
    await client.close();
  }
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { on: { type: 'string' } } });
  const start = PLATFORMS[values.on ?? ''];
  if (!start) {
    console.error('Say where: --on lab or --on testbed');
    return 2;
  }
  let platform: Platform;
  try {
    platform = await start();
  } catch (error) {
    if (error instanceof PlatformUnavailable) {
      console.error(error.message);
      return 3;
    }
    throw error;
  }
  try {
    return await runCases(platform);
  } finally {
    await platform.stop();
  }
}

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    console.error(error);
    process.exitCode = 1;
  },
);
