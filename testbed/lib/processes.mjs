import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestbedError } from './errors.mjs';
import { isSameProcess, newChildIdentity } from './process-identity.mjs';

/** Starts a program that outlives this one, with stdout and stderr in `log`; the answer is its record for `stopProcesses`. */
export function startProcess({ name, program, args, log, cwd, env }) {
  const output = openSync(log, 'a');
  try {
    const child = spawn(program, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.on('error', () => {});
    child.unref();
    const identity = child.pid && newChildIdentity(child.pid);
    if (!identity)
      throw new TestbedError(
        `${name} could not be started from ${program}; its log is ${log}`,
      );
    return { name, ...identity, log };
  } finally {
    closeSync(output);
  }
}

export function assertRunning(record) {
  if (isSameProcess(record)) return;
  const tail = readFileSync(record.log, 'utf8')
    .trim()
    .split('\n')
    .slice(-8)
    .join('\n');
  throw new TestbedError(
    `${record.name} ended on its own; the end of ${record.log}:\n${tail}`,
  );
}

function signal(record, name) {
  if (!isSameProcess(record)) return;
  try {
    // Each was started as the leader of a group of its own, which holds its children.
    process.kill(-record.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Ends exactly the recorded processes: SIGTERM, then SIGKILL after `graceMs`. A pid that now belongs to another program is left alone. */
export async function stopProcesses(records, { graceMs = 3000 } = {}) {
  for (const record of records) signal(record, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline && records.some(isSameProcess)) await sleep(50);
  for (const record of records) signal(record, 'SIGKILL');
  const killDeadline = Date.now() + 5000;
  while (records.some(isSameProcess)) {
    if (Date.now() > killDeadline) {
      const left = records
        .filter(isSameProcess)
        .map(record => `${record.name} (pid ${record.pid})`);
      throw new TestbedError(`still running after SIGKILL: ${left.join(', ')}`);
    }
    await sleep(50);
  }
}
