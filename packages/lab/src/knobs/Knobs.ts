import { parseLabelSelector, matchesSelector } from '../kubernetes/selectors';
import type { StringMap } from '../kubernetes/types';

/** Faults of one cluster. Everything absent means: works as it should. */
export interface ClusterKnobs {
  /** Milliseconds before every answer. */
  latencyMs?: number;
  /** This share (0 to 1) of requests fails with this HTTP status. */
  errorRate?: { rate: number; status: 401 | 403 | 429 | 500 | 503 };
  /** Every answer is a success without sense: a login page, or JSON cut off in the middle. */
  brokenBodies?: 'html' | 'half';
  /** These are answered 403; `*` stands for any verb or resource. */
  denyVerbs?: Array<{ verb: string; resource: string }>;
  /** Watch connections are cut after this many milliseconds. */
  dropWatchesAfterMs?: number;
  /** Every watch from a version is told 410 Gone. */
  expireWatches?: boolean;
  /** Continue tokens of lists are told 410 Gone. */
  expireContinues?: boolean;
  /** New pods that match one of these never become Ready. */
  neverReady?: PodMatch[];
  /** New pods that match one of these are admitted without a sidecar. */
  missingInjection?: PodMatch[];
  /** Connections are destroyed without an answer. */
  unreachable?: boolean;
}

/** Which pods a knob means; every given part must match, an empty match means all. */
export interface PodMatch {
  namespace?: string;
  namePrefix?: string;
  labelSelector?: string;
}

export interface RegistryKnobs {
  /** Connections are destroyed without an answer. */
  down?: boolean;
  /** Every request under `/v2/` is answered with this HTTP status. */
  status?: number;
}

export interface KnobSettings {
  /** Keyed by cluster name; `*` holds for every cluster and is overruled by name. */
  clusters: Record<string, ClusterKnobs>;
  registry: RegistryKnobs;
}

/** The faults that are switched on at present. */
export class Knobs {
  #settings: KnobSettings = { clusters: {}, registry: {} };
  readonly #listeners = new Set<() => void>();

  get settings(): KnobSettings {
    return this.#settings;
  }

  get registry(): RegistryKnobs {
    return this.#settings.registry;
  }

  forCluster(name: string): ClusterKnobs {
    return {
      ...this.#settings.clusters['*'],
      ...this.#settings.clusters[name],
    };
  }

  replace(settings: Partial<KnobSettings>) {
    this.#settings = {
      clusters: settings.clusters ?? {},
      registry: settings.registry ?? {},
    };
    this.#listeners.forEach(listener => listener());
  }

  /** Calls back when a knob was turned; the answer ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Whether a knob's matches name a pod. */
export function matchesPod(
  matches: PodMatch[] | undefined,
  pod: { namespace: string; name: string; labels?: StringMap },
): boolean {
  return (matches ?? []).some(
    ({ namespace, namePrefix = '', labelSelector }) =>
      (namespace === undefined || namespace === pod.namespace) &&
      pod.name.startsWith(namePrefix) &&
      (labelSelector === undefined ||
        matchesSelector(parseLabelSelector(labelSelector), pod.labels)),
  );
}
