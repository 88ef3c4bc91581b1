import { ClusterApi } from '../api/ClusterApi';
import { Clock } from '../Clock';
import { Cluster } from '../cluster/Cluster';
import { startControllers } from '../controllers/startControllers';
import { wakeWaitingPods } from '../controllers/kubelet';
import type { Knobs } from '../knobs/Knobs';
import type { RequestCounts } from '../knobs/RequestCounts';
import { createRandom } from '../random';
import { clusterBlueprints } from './clusters';
import { seedCluster } from './seedCluster';

export interface WorldOptions {
  seed: number;
  clusters?: number;
  pods: number;
  /** Pods get ready and controllers act this many times faster. */
  speed: number;
  /** Host and port of the registry that images name. */
  registry: string;
  knobs: Knobs;
  requests: RequestCounts;
}

interface Member {
  cluster: Cluster;
  api: ClusterApi;
}

const FIRST_VERSION = 1000;

/** All clusters of the lab with everything that moves in them. */
export class World {
  readonly #options: WorldOptions;
  #members = new Map<string, Member>();

  static create(options: WorldOptions): World {
    const world = new World(options);
    world.#build(() => FIRST_VERSION);
    return world;
  }

  private constructor(options: WorldOptions) {
    this.#options = options;
    options.knobs.subscribe(() => this.#applyKnobs());
  }

  get clusterNames(): string[] {
    return [...this.#members.keys()];
  }

  /** The API of a cluster; `undefined` when there is none of that name. */
  api(name: string): ClusterApi | undefined {
    return this.#members.get(name)?.api;
  }

  cluster(name: string): Cluster | undefined {
    return this.#members.get(name)?.cluster;
  }

  /** Puts the first state back. Whatever clients still hold is too old then. */
  reset() {
    const before = this.#members;
    this.stop();
    // Versions go on from where they were: an old one must never look like a new one.
    this.#build(name => before.get(name)!.cluster.store.version + 1000);
  }

  /** Ends all watches and timers. */
  stop() {
    for (const { cluster, api } of this.#members.values()) {
      cluster.clock.clear();
      api.close();
    }
  }

  #build(firstVersion: (cluster: string) => number) {
    const { seed, speed, registry, knobs, requests } = this.#options;
    this.#members = new Map(
      clusterBlueprints(this.#options).map((blueprint, index) => {
        const { name, kubernetesVersion } = blueprint;
        const cluster = new Cluster({
          name,
          kubernetesVersion,
          clock: new Clock(
            speed,
            () => knobs.forCluster(name).clockSkewMs ?? 0,
          ),
          random: createRandom(seed * 1000 + index),
          knobs: () => knobs.forCluster(name),
          firstVersion: firstVersion(name),
        });
        seedCluster(cluster, blueprint, { seed, registry });
        startControllers(cluster);
        return [name, { cluster, api: new ClusterApi(cluster, requests) }];
      }),
    );
  }

  #applyKnobs() {
    for (const { cluster, api } of this.#members.values()) {
      api.applyKnobs();
      wakeWaitingPods(cluster);
    }
  }
}
