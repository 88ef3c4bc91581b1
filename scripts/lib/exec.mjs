import { spawn } from 'node:child_process';
import { CommandError } from './CommandError.mjs';

/**
 * Runs a program to its end and keeps what it printed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>} output is stdout and
 *   stderr as they came
 */
export async function exec(command, args, { cwd, env, onLine } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const release = endWithUs(child);
  let output = '';
  let rest = '';
  const take = chunk => {
    output += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(line => onLine?.(line));
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode, signal) =>
        resolve(exitCode ?? `signal ${signal}`),
      );
    });
    return { code, output };
  } finally {
    release();
  }
}

/** As `exec`; anything but exit code 0 is an error that shows the output. */
export async function mustExec(command, args, options) {
  const result = await exec(command, args, options);
  if (result.code !== 0) {
    throw new CommandError(
      `${command} ${args.join(' ')} ended with ${result.code}:\n${
        result.output
      }`,
    );
  }
  return result;
}

/** A child must not outlive us, however we end short of SIGKILL. */
function endWithUs(child) {
  const end = () => child.kill('SIGTERM');
  process.on('exit', end);
  return () => process.off('exit', end);
}
