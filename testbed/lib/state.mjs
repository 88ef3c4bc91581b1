import { readFile, rename, writeFile } from 'node:fs/promises';
import { testbedPaths } from './paths.mjs';

/**
 * What runs: `{ready, registry, clusters, processes}`. Written after every start of a process, so that `down` finds
 * everything even when `up` was interrupted. Undefined when nothing was started.
 */
export async function readState() {
  try {
    return JSON.parse(await readFile(testbedPaths().stateFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeState(state) {
  const { stateFile } = testbedPaths();
  await writeFile(`${stateFile}.new`, JSON.stringify(state, undefined, 2), {
    mode: 0o600,
  });
  await rename(`${stateFile}.new`, stateFile);
}
