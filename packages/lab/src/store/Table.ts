import type { KubeObject } from '../kubernetes/types';
import type { Change } from './ObjectStore';

/** How many changes of one kind a watch may lag behind before it gets 410 Gone. */
const HISTORY_LIMIT = 20_000;

/** The objects of one kind with an owner index and the recent changes. */
export class Table {
  readonly #namespaces = new Map<string, Map<string, KubeObject>>();
  readonly #owned = new Map<string, Set<KubeObject>>();
  readonly #sorted = new Map<string, readonly KubeObject[]>();
  #history: Change[] = [];
  #forgottenUpTo: number;

  constructor(forgottenUpTo: number) {
    this.#forgottenUpTo = forgottenUpTo;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#namespaces.get(namespace ?? '')?.get(name);
  }

  list(namespace?: string): readonly KubeObject[] {
    const cacheKey = namespace ?? '*';
    let sorted = this.#sorted.get(cacheKey);
    if (!sorted) {
      sorted =
        namespace === undefined
          ? [...this.#namespaces.keys()]
              .sort(compareText)
              .flatMap(each => this.list(each))
          : [...(this.#namespaces.get(namespace)?.values() ?? [])].sort(
              (a, b) => compareText(a.metadata.name, b.metadata.name),
            );
      this.#sorted.set(cacheKey, sorted);
    }
    return sorted;
  }

  ownedBy(uid: string): KubeObject[] {
    return [...(this.#owned.get(uid) ?? [])];
  }

  put(object: KubeObject, previous?: KubeObject) {
    const namespace = object.metadata.namespace ?? '';
    let objects = this.#namespaces.get(namespace);
    if (!objects) {
      objects = new Map();
      this.#namespaces.set(namespace, objects);
    }
    objects.set(object.metadata.name, object);
    if (previous) {
      this.#disown(previous);
    }
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = this.#owned.get(uid);
      if (owned) {
        owned.add(object);
      } else {
        this.#owned.set(uid, new Set([object]));
      }
    }
    this.#forgetOrder(namespace);
  }

  drop(object: KubeObject) {
    const namespace = object.metadata.namespace ?? '';
    this.#namespaces.get(namespace)?.delete(object.metadata.name);
    this.#disown(object);
    this.#forgetOrder(namespace);
  }

  remember(change: Change) {
    this.#history.push(change);
    // Trimming in bulk keeps the cost of one change constant.
    if (this.#history.length > HISTORY_LIMIT * 1.5) {
      const removed = this.#history.length - HISTORY_LIMIT;
      this.#forgottenUpTo = this.#history[removed - 1].version;
      this.#history = this.#history.slice(removed);
    }
  }

  /** Makes every version up to this one too old to watch from. */
  forgetHistory(version: number) {
    this.#history = [];
    this.#forgottenUpTo = version;
  }

  /** The changes after a version, or `undefined` when they are no longer known. */
  changesSince(version: number): readonly Change[] | undefined {
    if (version < this.#forgottenUpTo) {
      return undefined;
    }
    const first = this.#history.findIndex(change => change.version > version);
    return first < 0 ? [] : this.#history.slice(first);
  }

  #disown(object: KubeObject) {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = this.#owned.get(uid);
      owned?.delete(object);
      if (owned?.size === 0) {
        this.#owned.delete(uid);
      }
    }
  }

  #forgetOrder(namespace: string) {
    this.#sorted.delete(namespace);
    this.#sorted.delete('*');
  }
}

function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
