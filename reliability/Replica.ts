import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/lib/ports.mjs';
import { callApi } from '../scripts/lib/productClient.mjs';
import { Processes, type RunningProcess } from '../scripts/lib/Processes.mjs';
import { startBackend } from '../scripts/lib/services.mjs';

const TOKEN = 'token-of-the-trials';
/** Ten environment checks at the same time take a while. */
const REQUEST_TIMEOUT_MS = 60_000;
const SHIFT_CLOCK = join(__dirname, 'shiftClock.cjs');
const COMPILE_CACHE = join(__dirname, 'compileCache.cjs');

/** Where the runs are kept: one file of this replica alone, or a server that several share. */
export type Database =
  | { kind: 'SQLite' }
  | {
      kind: 'PostgreSQL';
      url: string;
      /** Of the names of its databases: only replicas with the same one share them. */
      prefix?: string;
    };

export interface ReplicaOptions {
  database: Database;
  /** Configuration on top of `app-config.yaml`. */
  settings: object;
  /** How far its clock is ahead. */
  clockAheadMs?: number;
}

/** One backend, as a process that can be killed, suspended and started again. */
export class Replica {
  readonly #processes = new Processes();
  readonly #folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-replica-'));
  readonly #options: ReplicaOptions;
  #port = 0;
  #running: RunningProcess | undefined;

  static async start(options: ReplicaOptions): Promise<Replica> {
    const replica = new Replica(options);
    replica.#port = await freePort();
    try {
      await replica.startAgain();
    } catch (error) {
      await replica.stop();
      throw error;
    }
    return replica;
  }

  private constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  /** Starts it on the database it had before. */
  async startAgain(): Promise<void> {
    const { database, settings, clockAheadMs } = this.#options;
    const file = join(this.#folder, 'settings.yaml');
    writeFileSync(
      file,
      JSON.stringify({
        ...settings,
        backend: {
          auth: {
            externalAccess: [
              { type: 'static', options: { token: TOKEN, subject: 'trials' } },
            ],
          },
          ...(database.kind === 'PostgreSQL' && {
            database: {
              client: 'pg',
              connection: database.url,
              ...(database.prefix && { prefix: database.prefix }),
            },
          }),
        },
      }),
    );
    const { running } = await startBackend(this.#processes, {
      port: this.#port,
      configs: ['app-config.yaml', file],
      data: join(this.#folder, 'db'),
      env: {
        ...process.env,
        // To start again takes a third less then.
        COMPILE_CACHE: join(this.#folder, 'compiled'),
        ...(clockAheadMs && { CLOCK_AHEAD_MS: String(clockAheadMs) }),
        NODE_OPTIONS: [
          process.env.NODE_OPTIONS ?? '',
          `--require ${COMPILE_CACHE}`,
          ...(clockAheadMs ? [`--require ${SHIFT_CLOCK}`] : []),
        ].join(' '),
      },
      log: join(this.#folder, 'backend.log'),
    });
    this.#running = running;
    running.kill('SIGUSR2');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.#running?.kill('SIGKILL');
    await this.#running?.ended;
  }

  /** It stands still in the middle of whatever it is doing, and does not know. */
  suspend(): void {
    this.#running?.kill('SIGSTOP');
  }

  /** It goes on as if no time had passed. */
  wake(): void {
    this.#running?.kill('SIGCONT');
  }

  /** The last lines of its log. */
  log(): string {
    return this.#running?.tail() ?? '';
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call('POST', path, body);
  }

  async stop(): Promise<void> {
    this.wake();
    await this.#processes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @throws Error for anything but success. */
  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await callApi(`http://127.0.0.1:${this.#port}`, {
      method,
      path,
      token: TOKEN,
      body,
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${path} was answered ${answer.status}: ${JSON.stringify(
          answer.body,
        )}`,
      );
    }
    return answer.body;
  }
}
