/** How often an API server was asked something. */
export interface RequestCount {
  cluster: string;
  /** The verb of a request for objects; `get` for everything else. */
  verb: string;
  /** The plural with its subresource, or the path of what is no object. */
  resource: string;
  count: number;
}

/** Counts what the API servers of the lab are asked, whatever they answer. */
export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>();

  add(cluster: string, verb: string, resource: string) {
    const key = `${cluster} ${verb} ${resource}`;
    const known = this.#counts.get(key);
    if (known) {
      known.count += 1;
    } else {
      this.#counts.set(key, { cluster, verb, resource, count: 1 });
    }
  }

  /** Ordered by cluster, verb and resource. */
  get all(): RequestCount[] {
    return [...this.#counts.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, count]) => ({ ...count }));
  }

  reset() {
    this.#counts.clear();
  }
}
