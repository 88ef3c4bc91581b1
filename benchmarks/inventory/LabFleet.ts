import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Processes } from '../../scripts/lib/Processes.mjs';
import { startLab } from '../../scripts/lib/services.mjs';
import { KeepAliveClient } from './KeepAliveClient';

export const CLUSTERS = 10;
export const PODS = 100_000;

/** How large the lab is made, and which of its clusters the product is told of. */
export interface LabSize {
  clusters: number;
  pods: number;
  /** Default: all. */
  only?: (cluster: string) => boolean;
}

/** A pod of the generated load, by the Deployment that controls it. */
export interface LoadPod {
  cluster: string;
  namespace: string;
  deployment: string;
  name: string;
}

/** The simulated fleet at full size, as a process of its own. */
export class LabFleet {
  readonly url: string;
  readonly clusters: string[];
  readonly #processes: Processes;
  readonly #folder: string;
  readonly #clients: Map<string, KeepAliveClient>;

  static async start(
    { clusters: count, pods, only = () => true }: LabSize = {
      clusters: CLUSTERS,
      pods: PODS,
    },
  ): Promise<LabFleet> {
    const processes = new Processes();
    const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-bench-lab-'));
    const { url } = await startLab(processes, {
      port: await freePort(),
      args: ['--clusters', `${count}`, '--pods', `${pods}`],
      env: process.env,
      log: join(folder, 'lab.log'),
    });
    const { clusters } = await (await fetch(url)).json();
    return new LabFleet({
      processes,
      folder,
      url,
      clusters: clusters.map(({ name }: { name: string }) => name).filter(only),
    });
  }

  private constructor(options: {
    processes: Processes;
    folder: string;
    url: string;
    clusters: string[];
  }) {
    this.#processes = options.processes;
    this.#folder = options.folder;
    this.url = options.url;
    this.clusters = options.clusters;
    this.#clients = new Map(
      options.clusters.map(name => [
        name,
        new KeepAliveClient(`${options.url}/clusters/${name}`, tokenOf(name)),
      ]),
    );
  }

  /** The product's configuration of this fleet. */
  get settings() {
    return this.settingsVia(this.url);
  }

  /** The same, with requests that take another way to the API servers. */
  settingsVia(url: string) {
    return {
      catalog: {
        locations: [{ type: 'file', target: 'packages/lab/catalog/*.yaml' }],
      },
      meshUpgrade: {
        clusters: this.clusters.map(name => ({
          name,
          url: `${url}/clusters/${name}`,
          mode: 'full',
          token: tokenOf(name),
        })),
        versions: { insecureRegistries: [new URL(this.url).host] },
      },
    };
  }

  /** How many list requests the API servers were sent since the lab started. */
  async listRequests(): Promise<number> {
    const lists = await this.#requests(['list']);
    return [...lists.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How many lists and gets the API servers were sent since the lab started, by `verb resource`. */
  readRequests(): Promise<Map<string, number>> {
    return this.#requests(['list', 'get']);
  }

  /** Some pods of the generated load, of every cluster alike. */
  async loadPods(perCluster: number): Promise<LoadPod[]> {
    const pods: LoadPod[] = [];
    for (const cluster of this.clusters) {
      const { items } = await this.#clients
        .get(cluster)!
        .get<{ items: { metadata: PodMetadata }[] }>(`/api/v1/pods`);
      pods.push(
        ...items
          .filter(({ metadata }) => metadata.name.startsWith('load-'))
          .slice(0, perCluster)
          .map(({ metadata: { namespace, name } }) => ({
            cluster,
            namespace,
            deployment: name.split('-').slice(0, 2).join('-'),
            name,
          })),
      );
    }
    return pods;
  }

  /** Changes something of a pod that the product shows. */
  async setRevision(pod: LoadPod, revision: string): Promise<void> {
    await this.#clients.get(pod.cluster)!.timed('PATCH', pathOf(pod), {
      contentType: 'application/merge-patch+json',
      content: { metadata: { annotations: { 'istio.io/rev': revision } } },
    });
  }

  /** Deletes pods evenly over a time; their Deployments replace them. */
  async replace(pods: LoadPod[], durationMs: number): Promise<void> {
    const startedAt = performance.now();
    for (const [index, pod] of pods.entries()) {
      const due = startedAt + (index / pods.length) * durationMs;
      await sleep(Math.max(0, due - performance.now()));
      await this.#clients.get(pod.cluster)!.timed('DELETE', pathOf(pod));
    }
  }

  /** What an API server answers to a GET, past the product. */
  read<T>(cluster: string, path: string): Promise<T> {
    return this.#clients.get(cluster)!.get<T>(path);
  }

  /** Turns the lab's knobs for all clusters; nothing heals what there was. */
  async turn(knobs: object): Promise<void> {
    await fetch(`${this.url}/knobs`, {
      method: 'PUT',
      body: JSON.stringify({ clusters: { '*': knobs } }),
    });
  }

  async stop(): Promise<void> {
    this.#clients.forEach(client => client.close());
    await this.#processes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #requests(verbs: string[]): Promise<Map<string, number>> {
    const { requests } = (await (
      await fetch(`${this.url}/knobs/requests`)
    ).json()) as {
      requests: { verb: string; resource: string; count: number }[];
    };
    const counts = new Map<string, number>();
    for (const { verb, resource, count } of requests) {
      if (verbs.includes(verb)) {
        const key = `${verb} ${resource}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
    return counts;
  }
}

interface PodMetadata {
  namespace: string;
  name: string;
}

function pathOf({ namespace, name }: LoadPod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

function tokenOf(cluster: string): string {
  return `lab-${cluster}`;
}
