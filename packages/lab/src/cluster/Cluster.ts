import { Clock } from '../Clock';
import { nameSuffix } from '../random';
import type { ClusterKnobs } from '../knobs/Knobs';
import { LabGit } from '../operators/git/LabGit';
import { ObjectStore, type Change } from '../store/ObjectStore';
import { WorkQueue } from './WorkQueue';

export interface ClusterOptions {
  name: string;
  /** Without the leading `v`. */
  kubernetesVersion: string;
  clock: Clock;
  random: () => number;
  knobs: () => ClusterKnobs;
  firstVersion: number;
}

/** One simulated cluster: what its API server and controllers share. */
export class Cluster {
  readonly name: string;
  readonly #kubernetesVersion: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly knobs: () => ClusterKnobs;
  readonly store: ObjectStore;
  readonly queue: WorkQueue;
  /** What GitOps tools keep the cluster like. */
  readonly git = new LabGit();
  /** What the containers of a pod printed, by the pod's uid. */
  readonly logs = new Map<string, string[]>();

  constructor(options: ClusterOptions) {
    this.name = options.name;
    this.#kubernetesVersion = options.kubernetesVersion;
    this.clock = options.clock;
    this.random = options.random;
    this.knobs = options.knobs;
    this.store = new ObjectStore({
      now: options.clock.now,
      firstVersion: options.firstVersion,
    });
    this.queue = new WorkQueue(options.clock);
  }

  /** What the API server reports, without the leading `v`. */
  get kubernetesVersion(): string {
    return this.knobs().kubernetesVersion ?? this.#kubernetesVersion;
  }

  get kubernetesMinor(): number {
    return Number(this.kubernetesVersion.split('.')[1]);
  }

  generateName(prefix: string): string {
    return `${prefix}${nameSuffix(this.random)}`;
  }

  /** Lets a controller see every write. */
  onChange(listener: (change: Change) => void) {
    this.store.subscribe(listener);
  }
}
