import type { ClusterHealth } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { FactResource } from '../facts/ClusterFacts';
import { healthOfError, summarizeHealth } from './clusterHealth';
import type { HealthFinding, Trouble } from './clusterHealth';

/** Who may report trouble: each resource, and the regular question for the version. */
export type HealthSource = FactResource | 'version';

/** Sums up what the parts of a collector see into the health of their cluster. */
export class HealthTracker {
  readonly #cluster: string;
  readonly #pending: Set<FactResource>;
  readonly #read = new Set<FactResource>();
  readonly #dispensable: ReadonlySet<HealthSource>;
  readonly #errors = new Map<HealthSource, Trouble>();
  readonly #now: () => Date;
  readonly #onChange: (health: ClusterHealth) => void;
  #health: ClusterHealth;

  constructor(options: {
    cluster: string;
    resources: FactResource[];
    /** Those of them whose refusal leaves the cluster healthy. */
    dispensable?: FactResource[];
    now: () => Date;
    onChange: (health: ClusterHealth) => void;
  }) {
    this.#cluster = options.cluster;
    this.#pending = new Set(options.resources);
    this.#dispensable = new Set(options.dispensable);
    this.#now = options.now;
    this.#onChange = options.onChange;
    this.#health = { state: 'connecting', since: this.#now().toISOString() };
  }

  get health(): ClusterHealth {
    return this.#health;
  }

  /** Every resource was listed or refused once: what is known is whole. */
  get settled(): boolean {
    return this.#pending.size === 0;
  }

  /** Everything that was ever read is being followed now; a resource that never could be read ages nothing. */
  get current(): boolean {
    return ![...this.#errors].some(
      ([source, { dispensable }]) =>
        !dispensable && (source === 'version' || this.#read.has(source)),
    );
  }

  /** The resource was listed completely at least once. */
  hasRead(resource: FactResource): boolean {
    return this.#read.has(resource);
  }

  listed(resource: FactResource): void {
    this.#pending.delete(resource);
    this.#read.add(resource);
    this.#update();
  }

  working(source: HealthSource): void {
    if (this.#errors.delete(source)) {
      this.#update();
    }
  }

  /** Returns the finding; a refusal counts as an answer, it will not change by waiting for it. */
  failed(source: HealthSource, error: unknown): HealthFinding {
    const finding = healthOfError(this.#cluster, error);
    this.#errors.set(source, {
      ...finding,
      dispensable:
        finding.state === 'forbidden' && this.#dispensable.has(source),
    });
    if (source !== 'version' && finding.state === 'forbidden') {
      this.#pending.delete(source);
    }
    this.#update();
    return finding;
  }

  #update(): void {
    const finding = summarizeHealth({
      errors: [...this.#errors.values()],
      settled: this.settled,
    });
    const { state, reason, remedy, since } = this.#health;
    if (
      finding.state === state &&
      finding.reason === reason &&
      finding.remedy === remedy
    ) {
      return;
    }
    this.#health = {
      ...finding,
      since: finding.state === state ? since : this.#now().toISOString(),
    };
    this.#onChange(this.#health);
  }
}
