import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mustExec } from '../scripts/lib/exec.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { root } from '../scripts/lib/paths.mjs';
import type { Benchmark, Figure } from './Benchmark';

const WARM_RUNS = 3;
const WARM_LIMIT_S = 15;
const COLD_LIMIT_S = 300;
const ADDRESS = /Open (http:\S+)/;

/**
 * Time from `npm start` to the printed address. Compared with the least that
 * it could be: loading the backend's code once, and installing alone.
 */
export const start: Benchmark = {
  name: 'start',
  title: 'npm start to the address, warm; with --cold also from nothing',
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { cold: { type: 'boolean' } },
    });
    const figures = [await warm()];
    return values.cold ? [await cold(), ...figures] : figures;
  },
};

async function warm(): Promise<Figure> {
  // The first one fills the caches that the measured ones find.
  await timeToAddress(root, process.env);
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS; run += 1) {
    times.push(await timeToAddress(root, process.env));
  }
  const loading = await timed(() =>
    mustExec(
      'node',
      [
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        '--eval',
        "require('@backstage/backend-defaults'); require('@mesh-upgrade/backstage-plugin-mesh-upgrade-backend')",
      ],
      { cwd: root },
    ),
  );
  return figure({
    name: `warm start, median of ${WARM_RUNS}`,
    value: median(times),
    limit: WARM_LIMIT_S,
    comparedWith: `loading the backend's code: ${loading.toFixed(1)} s`,
  });
}

/** A clone without node_modules, with empty caches of this project and of Yarn. */
async function cold(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-cold-'));
  const clone = join(folder, 'clone');
  const home = join(folder, 'home');
  const env = {
    ...withoutToolchain(process.env),
    HOME: home,
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
    npm_config_cache: join(folder, 'npm'),
  };
  try {
    await mustExec('git', ['clone', '--quiet', root, clone]);
    // How npm reaches its registry is the machine's matter, not a cache.
    mkdirSync(home);
    for (const file of ['.npmrc', '.yarnrc.yml']) {
      if (existsSync(join(homedir(), file))) {
        cpSync(join(homedir(), file), join(home, file));
      }
    }
    const value = await timeToAddress(clone, env);
    rmSync(join(clone, 'node_modules'), { recursive: true });
    rmSync(join(home, '.yarn'), { recursive: true, force: true });
    const install = await timed(() =>
      mustExec('yarn', ['install', '--immutable'], {
        cwd: clone,
        env: { ...env, PATH: process.env.PATH },
      }),
    );
    return figure({
      name: 'cold start of a fresh clone',
      value,
      limit: COLD_LIMIT_S,
      comparedWith: `yarn install alone: ${install.toFixed(1)} s`,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds until the address is printed; ends the start again and waits for that. */
async function timeToAddress(
  checkout: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const [port, labPort] = [await freePort(), await freePort()];
  const startedAt = performance.now();
  const child = spawn(
    'npm',
    ['start', '--', '--port', `${port}`, '--lab-port', `${labPort}`],
    { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  const ended = new Promise(resolve => child.on('close', resolve));
  const address = new Promise<number>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk;
      if (ADDRESS.test(output)) {
        resolve((performance.now() - startedAt) / 1000);
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    ended.then(() =>
      reject(new Error(`npm start ended without an address:\n${output}`)),
    );
  });
  try {
    return await address;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** The machine's own Node and npm, as a new user has them. */
function withoutToolchain(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const path = (env.PATH ?? '')
    .split(':')
    .filter(folder => !folder.includes('/mesh-upgrade/toolchain/'))
    .join(':');
  return { ...env, PATH: path };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function figure(measured: {
  name: string;
  value: number;
  limit: number;
  comparedWith: string;
}): Figure {
  return {
    ...measured,
    value: Number(measured.value.toFixed(2)),
    unit: 's',
    ok: measured.value <= measured.limit,
  };
}
