import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { freePort } from '../scripts/lib/ports.mjs';
import { poll } from '../scripts/lib/poll.mjs';
import { callApi, signIn } from '../scripts/lib/productClient.mjs';
import { Processes, type RunningProcess } from '../scripts/lib/Processes.mjs';
import { startBackend } from '../scripts/lib/services.mjs';

const SIGN_IN_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Someone of the world's catalog; `ada` is of the platform team, and so is `olga`, who is in the demo's only. */
export type Person = 'ada' | 'finn' | 'olga';

/** What the product answered. */
export interface Answer {
  status: number;
  body: any;
}

/** The backend as a process of its own, and its API as a person uses it. */
export class Product {
  readonly #processes: Processes;
  readonly #folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-product-'));
  readonly #options: { configs: string[]; labUrl?: string; port: number };
  readonly #tokens = new Map<Person, string>();
  #running: RunningProcess | undefined;

  /**
   * Starts it with an empty database.
   *
   * @param options - `configs` are configuration files, `settings` what comes
   *   on top of them
   */
  static async start(
    processes: Processes,
    options: { configs: string[]; settings?: object; labUrl?: string },
  ): Promise<Product> {
    const { configs, settings, labUrl } = options;
    const product = new Product(processes, {
      configs,
      labUrl,
      port: await freePort(),
    });
    if (settings) {
      const file = join(product.#folder, 'settings.yaml');
      writeFileSync(file, JSON.stringify(settings));
      product.#options.configs = [...configs, file];
    }
    try {
      await product.startAgain();
    } catch (error) {
      product.forget();
      throw error;
    }
    return product;
  }

  private constructor(
    processes: Processes,
    options: { configs: string[]; labUrl?: string; port: number },
  ) {
    this.#processes = processes;
    this.#options = options;
  }

  /** Address of the page and of the API. */
  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  /** Starts the backend on the database it had before. */
  async startAgain(): Promise<void> {
    const { running } = await startBackend(this.#processes, {
      ...this.#options,
      data: join(this.#folder, 'db'),
      env: process.env,
      log: join(this.#folder, `backend-${Date.now()}.log`),
    });
    this.#running = running;
    this.#tokens.clear();
  }

  /** Starts the backend again, with settings on top of those it has, on the database it had before. */
  async reconfigure(settings: object): Promise<void> {
    const file = join(this.#folder, `settings-${Date.now()}.yaml`);
    writeFileSync(file, JSON.stringify(settings));
    this.#options.configs = [...this.#options.configs, file];
    await this.kill();
    await this.startAgain();
  }

  /** Ends the backend as a power cut would. */
  async kill(): Promise<void> {
    this.#running?.kill('SIGKILL');
    await this.#running?.ended;
  }

  /** The last lines of the backend's log. */
  log(): string {
    return this.#running?.tail() ?? '';
  }

  async call(
    person: Person,
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const token = await this.#token(person);
    return callApi(this.url, { method, path, token, body });
  }

  /** Answers the body. @throws Error for a status other than 200. */
  async get<T = any>(person: Person, path: string): Promise<T> {
    const { status, body } = await this.call(person, 'GET', path);
    if (status !== 200) {
      throw new Error(
        `GET ${path} was answered ${status}: ${JSON.stringify(body)}`,
      );
    }
    return body;
  }

  /** Answers a document that is no JSON. @throws Error for a status other than 200. */
  async text(person: Person, path: string): Promise<string> {
    const response = await this.#fetch(person, `/mesh-upgrade${path}`);
    return response.text();
  }

  /** Lets the catalog read a file of its locations again, as the button on an entity's page does. */
  async refreshCatalog(person: Person, file: string): Promise<void> {
    const response = await this.#fetch(person, '/catalog/entities');
    const location = (
      (await response.json()) as {
        kind: string;
        metadata: { name: string };
        spec: { target?: string };
      }[]
    ).find(
      ({ kind, spec }) => kind === 'Location' && spec.target?.endsWith(file),
    );
    if (!location) {
      throw new Error(`The catalog has no location for ${file}`);
    }
    await this.#fetch(person, '/catalog/refresh', {
      entityRef: `location:default/${location.metadata.name}`,
    });
  }

  /** Asks for a run until it ended. */
  async runToItsEnd(id: string, timeoutMs: number): Promise<RunView> {
    let last: RunView | undefined;
    return poll(
      async () => {
        last = await this.get<RunView>('ada', `/runs/${id}`);
        return ['succeeded', 'failed', 'stopped'].includes(last.state)
          ? last
          : undefined;
      },
      {
        timeoutMs,
        intervalMs: 300,
        what: `run ${id} to end`,
        last: () =>
          `${last?.state}, ${last?.steps
            .map(
              step =>
                `${step.title} on ${step.cluster} ${step.state}: ${step.message}`,
            )
            .join('; ')}`,
      },
    );
  }

  /** Removes what it wrote; the process ends with `Processes`. */
  forget(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Any API of the backend; with a body it is a POST. @throws Error for anything but success. */
  async #fetch(person: Person, path: string, body?: object) {
    const response = await fetch(`${this.url}/api${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${await this.#token(person)}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) {
      throw new Error(
        `${path} was answered ${response.status}: ${await response.text()}`,
      );
    }
    return response;
  }

  async #token(person: Person): Promise<string> {
    const known = this.#tokens.get(person);
    if (known) {
      return known;
    }
    // The catalog reads its files a moment after the backend is ready.
    let failure = '';
    const token = await poll(
      () =>
        signIn(this.url, person).catch(error => {
          failure = error.message;
          return undefined;
        }),
      {
        timeoutMs: SIGN_IN_TIMEOUT_MS,
        intervalMs: 300,
        what: `${person} to be able to sign in`,
        last: () => failure,
      },
    );
    this.#tokens.set(person, token);
    return token;
  }
}
