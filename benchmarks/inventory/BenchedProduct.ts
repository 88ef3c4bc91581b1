import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { poll } from '../../scripts/lib/poll.mjs';
import { callApi, signIn } from '../../scripts/lib/productClient.mjs';
import {
  Processes,
  type RunningProcess,
} from '../../scripts/lib/Processes.mjs';
import { startBackend } from '../../scripts/lib/services.mjs';

/** What the benchmark calls itself with. */
export const SERVICE_TOKEN = 'token-of-the-benchmark';
const SIGN_IN_TIMEOUT_MS = 60_000;

/** Lets the benchmark ask before the catalog knows any person. */
const SERVICE_ACCESS = {
  auth: {
    externalAccess: [
      {
        type: 'static',
        options: { token: SERVICE_TOKEN, subject: 'benchmark' },
      },
    ],
  },
};

/** The backend as `npm start` runs it, with an empty database, as a process of its own. */
export class BenchedProduct {
  readonly url: string;
  readonly #processes = new Processes();
  readonly #folder: string;
  #running: RunningProcess | undefined;

  /**
   * Returns at once: the backend starts meanwhile.
   *
   * @param settings - configuration on top of `app-config.yaml`
   */
  static async launch(settings: Settings): Promise<BenchedProduct> {
    return new BenchedProduct(await freePort(), settings);
  }

  /** Resolves when the backend answers. */
  readonly ready: Promise<void>;

  private constructor(port: number, { backend, ...settings }: Settings) {
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-bench-'));
    const file = join(this.#folder, 'settings.yaml');
    writeFileSync(
      file,
      JSON.stringify({
        ...settings,
        backend: { ...SERVICE_ACCESS, ...backend },
      }),
    );
    const starting = startBackend(this.#processes, {
      port,
      configs: ['app-config.yaml', file],
      data: join(this.#folder, 'db'),
      env: process.env,
      log: join(this.#folder, 'backend.log'),
    });
    this.ready = starting.then(({ running }) => {
      this.#running = running;
    });
  }

  /** Resident memory now, and the greatest since its start, in MiB. */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.#running!.pid}/status`, 'utf8');
    const read = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024;
    return { now: read('VmRSS'), peak: read('VmHWM') };
  }

  /** The body of a successful answer to the benchmark's service token; undefined for any other. */
  async ask<T = any>(path: string): Promise<T | undefined> {
    try {
      const { status, body } = await callApi(this.url, {
        path,
        token: SERVICE_TOKEN,
      });
      return status === 200 ? body : undefined;
    } catch {
      return undefined;
    }
  }

  /** Token of a person of the catalog, as the browser gets it. */
  signIn(person: string): Promise<string> {
    let failure = '';
    return poll(
      () =>
        signIn(this.url, person).catch(error => {
          failure = error.message;
          return undefined;
        }),
      {
        timeoutMs: SIGN_IN_TIMEOUT_MS,
        what: `${person} to be able to sign in`,
        last: () => failure,
      },
    );
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface Settings {
  backend?: object;
  [section: string]: object | undefined;
}
