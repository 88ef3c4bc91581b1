import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { root } from './paths.mjs';

const GRACE_MS = 6000;
const TAIL_LINES = 40;
/** Lines of the log of requests, which would crowd out all others. */
const REQUEST_LINE = /incomingRequest/;
const endWithParent = fileURLToPath(
  new URL('./endWithParent.cjs', import.meta.url),
);

/**
 * Node processes that live as long as we do and no longer: each leads a
 * process group of its own, so that ending it ends its children too.
 */
export class Processes {
  #running = new Set();

  /**
   * Starts a TypeScript entry of this repository.
   *
   * @param {{
   *   name: string,
   *   entry: string,
   *   args?: string[],
   *   env: NodeJS.ProcessEnv,
   *   log: string,
   * }} options `log` is the file that takes its output
   */
  start({ name, entry, args = [], env, log }) {
    fs.mkdirSync(path.dirname(log), { recursive: true });
    const output = fs.openSync(log, 'w');
    const child = spawn(
      'node',
      [
        '--require',
        endWithParent,
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        entry,
        ...args,
      ],
      {
        cwd: root,
        env: { ...env, NO_COLOR: '1' },
        stdio: ['pipe', output, output],
        detached: true,
      },
    );
    fs.closeSync(output);
    // Writing to a process that is gone is no news: its end is.
    child.stdin.on('error', () => {});
    const running = new RunningProcess({ name, child, log });
    this.#running.add(running);
    running.ended.then(() => this.#running.delete(running));
    return running;
  }

  /** Ends all, the last started first, and waits until they are gone. */
  async stop() {
    await Promise.all([...this.#running].reverse().map(one => one.stop()));
  }
}

export class RunningProcess {
  #child;

  constructor({ name, child, log }) {
    this.name = name;
    this.log = log;
    this.#child = child;
    /** Resolves with a word about how it ended. */
    this.ended = new Promise(resolve => {
      child.on('error', error => resolve(error.message));
      child.on('exit', (code, signal) =>
        resolve(signal ? `signal ${signal}` : `exit code ${code}`),
      );
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** The last lines it printed. */
  tail() {
    return fs
      .readFileSync(this.log, 'utf8')
      .trimEnd()
      .split('\n')
      .filter(line => !REQUEST_LINE.test(line))
      .slice(-TAIL_LINES)
      .join('\n');
  }

  /** Sends a signal to it and its children. */
  kill(signal) {
    try {
      process.kill(-this.#child.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  }

  async stop() {
    this.kill('SIGTERM');
    const patience = new AbortController();
    await Promise.race([
      this.ended,
      sleep(GRACE_MS, undefined, { signal: patience.signal }).then(
        () => this.kill('SIGKILL'),
        () => {},
      ),
    ]);
    patience.abort();
    await this.ended;
  }
}
