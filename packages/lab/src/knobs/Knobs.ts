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
  /** How far the server's clock is ahead, in milliseconds; negative is behind. */
  clockSkewMs?: number;
  /** The cluster's tokens have expired; what `renewedToken` answers is good. */
  expiredToken?: boolean;
  /** What every token may do, instead of what it may by itself. */
  permissions?: PermissionRule[];
  /** The version that the server reports instead of its own, without the `v`. */
  kubernetesVersion?: string;
  /** New pods, also on dry run, that admission refuses. */
  refusedPods?: AdmissionRefusal[];
  /** These operators do nothing, as when their pod is gone. */
  stuckOperators?: Array<'sail' | 'flux' | 'argocd'>;
  /** Charts that operators fail to install, with helm's words; every version unless told. */
  failedCharts?: Array<{ chart: string; version?: string; message: string }>;
}

/** A rule as RBAC has it; `*` stands for everything, and what is absent does not restrict. */
export interface PermissionRule {
  verbs: string[];
  apiGroups?: string[];
  /** A subresource is named as `pods/eviction`. */
  resources: string[];
  /** Without it the rule holds in every namespace and for what has none. */
  namespaces?: string[];
  resourceNames?: string[];
}

/** Pods that a part of admission refuses, in the words of that part. */
export interface AdmissionRefusal extends PodMatch {
  by: 'quota' | 'podSecurity' | 'limitRange' | 'policy' | 'webhook';
}

/** Which pods a knob means; every given part must match, an empty match means all. */
export interface PodMatch {
  namespace?: string;
  namePrefix?: string;
  labelSelector?: string;
}

/** Faults of the registry. */
export interface RegistryKnobs {
  /** Connections are destroyed without an answer. */
  down?: boolean;
  /** Every request under `/v2/` is answered with this HTTP status, as registries word it. */
  status?: number;
  /** Goes with status 429 and 503. */
  retryAfterSeconds?: number;
  /** Every request under `/v2/` is answered with a page of HTML. */
  html?: boolean;
  /** Milliseconds before every answer. */
  latencyMs?: number;
  /** Every list of tags leads back to its first page. */
  pagingLoop?: boolean;
  /** Further patch releases in every repository of images. */
  extraTags?: number;
  /** Further tags, of any form. */
  tags?: string[];
  /** Images that are not there, such as `istio/ztunnel:1.30.3`. */
  missingImages?: string[];
  /** Architectures that no image is built for. */
  missingPlatforms?: string[];
  /** How clients show who they are; by token unless told. With `basic` it is lab and lab. */
  authentication?: 'token' | 'basic' | 'none';
  /** The faults hold only for repositories whose path starts with one of these. */
  repositories?: string[];
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
