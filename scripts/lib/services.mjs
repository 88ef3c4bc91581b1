import { CommandError } from './CommandError.mjs';
import { poll } from './poll.mjs';

const START_TIMEOUT_MS = 120_000;
const REQUEST_TIMEOUT_MS = 5000;

/**
 * Starts the lab and waits until it answers.
 *
 * @param {import('./Processes.mjs').Processes} processes
 * @param {{ port: number, args?: string[], env: NodeJS.ProcessEnv, log: string }} options
 */
export async function startLab(processes, { port, args = [], env, log }) {
  const url = `http://127.0.0.1:${port}`;
  const running = processes.start({
    name: 'lab',
    entry: 'packages/lab/src/main.ts',
    args: ['--port', String(port), ...args],
    env,
    log,
  });
  await answering(running, () => respondsOk(`${url}/healthz`));
  return { url, running };
}

/**
 * Starts the backend, which serves the app too, and waits until the plugin
 * answers.
 *
 * @param {import('./Processes.mjs').Processes} processes
 * @param {{
 *   port: number,
 *   configs: string[],
 *   data: string,
 *   labUrl?: string,
 *   env: NodeJS.ProcessEnv,
 *   log: string,
 * }} options `configs` are configuration files, later ones win; `data` is the
 *   folder of the embedded databases
 */
export async function startBackend(
  processes,
  { port, configs, data, labUrl, env, log },
) {
  const url = `http://127.0.0.1:${port}`;
  const running = processes.start({
    name: 'backend',
    entry: 'packages/backend/src/index.ts',
    args: configs.flatMap(file => ['--config', file]),
    env: {
      ...env,
      MESH_UPGRADE_URL: url,
      MESH_UPGRADE_PORT: String(port),
      MESH_UPGRADE_DATA: data,
      ...(labUrl && { LAB_ADDRESS: new URL(labUrl).host }),
    },
    log,
  });
  await answering(
    running,
    async () =>
      (await respondsOk(`${url}/.backstage/health/v1/readiness`)) &&
      // Anonymous callers are turned away, by a plugin that is up.
      (await statusOf(`${url}/api/mesh-upgrade/clusters`)) === 401,
  );
  return { url, running };
}

/** Waits until the backend serves the app's page. */
export function pageAnswers({ url, running }) {
  return answering(running, () => respondsOk(`${url}/`));
}

async function answering(running, isReady) {
  let end;
  running.ended.then(how => {
    end = how;
  });
  await poll(
    async () => {
      if (end) {
        throw new CommandError(
          `The ${
            running.name
          } ended with ${end} before it answered. Its last lines, of ${
            running.log
          }:\n\n${running.tail()}`,
        );
      }
      return (await isReady()) || undefined;
    },
    {
      timeoutMs: START_TIMEOUT_MS,
      what: `the ${running.name} to answer (log: ${running.log})`,
    },
  );
}

async function respondsOk(url) {
  return (await statusOf(url)) === 200;
}

async function statusOf(url) {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}
