import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the testbed keeps built binaries (`cache`), a running instance (`run`) and the logs of the last run (`logs`). */
export function testbedPaths(env = process.env) {
  const cacheHome = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const stateHome = env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  const state = join(stateHome, 'mesh-upgrade', 'testbed');
  return {
    cache: join(cacheHome, 'mesh-upgrade', 'testbed'),
    state,
    run: join(state, 'run'),
    logs: join(state, 'logs'),
    stateFile: join(state, 'run', 'state.json'),
    kubeconfig: join(state, 'run', 'kubeconfig.json'),
  };
}

export const modulesDirectory = fileURLToPath(
  new URL('../modules', import.meta.url),
);
