import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommandError } from './CommandError.mjs';
import { assertRegistryInstalled } from '../../testbed/lib/registry.mjs';
import { exec } from './exec.mjs';
import { root } from './paths.mjs';

/** Exit code of the testbed's commands when this machine lacks something. */
const MISSING = 3;

/**
 * Builds the testbed unless it is in the cache.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} what this machine lacks
 * @throws CommandError when the build fails
 */
export async function buildTestbed(env) {
  try {
    await assertRegistryInstalled();
  } catch (error) {
    if (error.exitCode !== MISSING) {
      throw error;
    }
    return error.message;
  }
  const result = await runTestbed(['build'], env);
  if (result.code === MISSING) {
    return lastLine(result.output);
  }
  if (result.code !== 0) {
    throw new CommandError(`The testbed was not built:\n${result.output}`);
  }
  return undefined;
}

/**
 * A testbed of its own, away from one the developer may have running.
 *
 * @template T
 * @param {NodeJS.ProcessEnv} env
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work gets the environment
 *   in which `testbed` commands find it
 * @returns {Promise<T>}
 */
export async function withTestbed(env, work) {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-upgrade-testbed-'));
  const own = { ...env, XDG_STATE_HOME: state };
  try {
    const { code, output } = await runTestbed(['up'], own);
    if (code !== 0) {
      throw new CommandError(`The testbed did not come up:\n${output}`, {
        exitCode: code,
      });
    }
    return await work(own);
  } finally {
    await runTestbed(['down'], own);
    fs.rmSync(state, { recursive: true, force: true });
  }
}

/** Runs one testbed command to its end. */
export function runTestbed(args, env) {
  return exec('node', ['testbed/cli.mjs', ...args], { cwd: root, env });
}

function lastLine(text) {
  return text.trimEnd().split('\n').pop() ?? '';
}
