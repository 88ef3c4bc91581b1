import { spawn } from 'node:child_process';
import { TestbedError } from './errors.mjs';

/** Runs a program to its end and returns its stdout; a failure carries the program's own words. */
export function runCommand(program, args, { cwd, env, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
    if (input !== undefined) child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else {
        const words = (stderr.trim() || stdout.trim())
          .split('\n')
          .slice(-15)
          .join('\n');
        reject(
          new TestbedError(
            `${program} ${args.slice(0, 3).join(' ')} ended with ${
              signal ?? `code ${code}`
            }: ${words}`,
          ),
        );
      }
    });
  });
}
