// Runs one container's command and outlives the job runner: `node job-process.mjs SPEC`, where SPEC is a JSON file
// {command, cwd, env, log, exit}. Output goes to `log` line by line with a time stamp (the form container runtimes use),
// the end to `exit` as {exitCode, reason, message, startedAt, finishedAt}.
import { spawn } from 'node:child_process';
import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { kubeTime } from './kube-time.mjs';

const { command, cwd, env, log, exit } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
const startedAt = kubeTime();
const output = openSync(log, 'a');

function finish(end) {
  closeSync(output);
  writeFileSync(
    `${exit}.new`,
    JSON.stringify({ ...end, startedAt, finishedAt: kubeTime() }),
  );
  renameSync(`${exit}.new`, exit);
}

function copyLines(stream, name) {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', line => {
    writeSync(output, `${new Date().toISOString()} ${name} F ${line}\n`);
  });
}

// The signal goes to the whole group; this process stays to write down how the command ended.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {});

const child = spawn(command[0], command.slice(1), {
  cwd,
  env,
  stdio: ['ignore', 'pipe', 'pipe'],
});
copyLines(child.stdout, 'stdout');
copyLines(child.stderr, 'stderr');
child.on('error', error => {
  if (child.pid === undefined)
    finish({ exitCode: 128, reason: 'StartError', message: error.message });
});
child.on('close', (code, signal) => {
  if (child.pid === undefined) return;
  finish(
    signal
      ? {
          exitCode: 128 + constants.signals[signal],
          message: `ended by ${signal}`,
        }
      : { exitCode: code },
  );
});
