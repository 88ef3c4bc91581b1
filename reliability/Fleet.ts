import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminToken, CLUSTER_NAMES } from '@internal/lab';
import { freePort } from '../scripts/lib/ports.mjs';
import { Processes } from '../scripts/lib/Processes.mjs';
import { startLab } from '../scripts/lib/services.mjs';

const FURTHER = 12;
/** Of one mesh: upgraded one after the other, so that its run outlives several troubles. */
const CHAIN = 4;
/** Some Deployments of ten pods for every cluster, half of them behind their mesh. */
const PODS = 1600;
/** So slow that trouble finds runs under way. */
const SPEED = 0.5;
const HELM_CLUSTER = 'payments';

/** A mesh of the trials, and where its upgrade leads. */
export interface TrialMesh {
  id: string;
  clusters: string[];
  from: string;
  to: string;
}

/** The simulated fleet, cut into meshes that can be upgraded at the same time. */
export class Fleet {
  readonly url: string;
  /** Upgraded as meshes: by the Sail operator each, one of several clusters, and one by Helm's Jobs. */
  readonly meshes: TrialMesh[];
  /** Clusters whose workloads get new sidecars. */
  readonly sidecarClusters: string[];
  readonly #processes: Processes;
  readonly #folder: string;

  static async start(): Promise<Fleet> {
    const processes = new Processes();
    const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-trials-'));
    const { url } = await startLab(processes, {
      port: await freePort(),
      args: [
        '--clusters',
        `${CLUSTER_NAMES.length + FURTHER}`,
        '--pods',
        `${PODS}`,
        '--speed',
        `${SPEED}`,
      ],
      env: process.env,
      log: join(folder, 'lab.log'),
    });
    const { clusters } = (await (await fetch(url)).json()) as {
      clusters: { name: string }[];
    };
    return new Fleet({
      url,
      processes,
      folder,
      further: clusters
        .map(({ name }) => name)
        .filter(name => !CLUSTER_NAMES.includes(name)),
    });
  }

  private constructor(options: {
    url: string;
    processes: Processes;
    folder: string;
    further: string[];
  }) {
    const { further } = options;
    this.url = options.url;
    this.#processes = options.processes;
    this.#folder = options.folder;
    this.sidecarClusters = further.slice(0, 2);
    const ofMeshes = further.slice(2);
    this.meshes = [
      mesh('chain', ofMeshes.slice(0, CHAIN)),
      ...ofMeshes.slice(CHAIN).map(name => mesh(name, [name])),
      {
        id: HELM_CLUSTER,
        clusters: [HELM_CLUSTER],
        from: '1.30.2',
        to: '1.30.3',
      },
    ];
  }

  /** Configuration of a replica whose requests go through a gate. */
  settings(gate: { url: string }): object {
    const registry = new URL(this.url).host;
    const meshes = [
      ...this.meshes,
      ...this.sidecarClusters.map(name => ({ id: name, clusters: [name] })),
    ];
    return {
      meshUpgrade: {
        clusters: meshes
          .flatMap(({ clusters }) => clusters)
          .map(name => ({
            name,
            url: `${gate.url}/clusters/${name}`,
            mode: 'full',
            token: adminToken(name),
          })),
        meshes: meshes.map(({ id, clusters }) => ({ id, clusters })),
        versions: { insecureRegistries: [registry] },
        upgrades: {
          // One workload after the other, for the same reason.
          concurrency: 1,
          helm: {
            image: 'docker.io/alpine/helm:3.19.0',
            chartRepository: `oci://${registry}/charts`,
            plainHttp: true,
          },
        },
      },
    };
  }

  /** Puts everything back to where it was. */
  async reset(): Promise<void> {
    await this.#knobs('POST', '/reset-world');
  }

  /** Lets a share of all requests fail with a status; 0 heals. */
  async failRequests(rate: number, status: 429 | 500): Promise<void> {
    await this.#knobs('PATCH', '', {
      clusters: { '*': { errorRate: rate > 0 ? { rate, status } : null } },
    });
  }

  /** What an API server answers, past every gate. */
  async read<T>(cluster: string, path: string): Promise<T> {
    const response = await fetch(`${this.url}/clusters/${cluster}${path}`, {
      headers: { authorization: `Bearer ${adminToken(cluster)}` },
    });
    if (!response.ok) {
      throw new Error(`${cluster} ${path} was answered ${response.status}`);
    }
    return (await response.json()) as T;
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #knobs(method: string, path: string, body?: object): Promise<void> {
    const response = await fetch(`${this.url}/knobs${path}`, {
      method,
      body: body && JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(
        `The lab's knobs answered ${response.status}: ${await response.text()}`,
      );
    }
  }
}

function mesh(id: string, clusters: string[]): TrialMesh {
  return { id, clusters, from: '1.29.4', to: '1.30.3' };
}
