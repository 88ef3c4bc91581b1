import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { alreadyExists, notFound } from '../kubernetes/errors';
import { apiVersionOf, type Resource } from '../kubernetes/resources';
import type { Draft, KubeObject, ObjectMeta } from '../kubernetes/types';
import { Table } from './Table';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  resource: Resource;
  type: ChangeType;
  object: KubeObject;
  previous?: KubeObject;
  version: number;
}

export type ChangeListener = (change: Change) => void;

/**
 * The objects of one cluster, in memory.
 *
 * Objects are never changed in place: an update stores a new object that shares what it kept.
 * So a list is a snapshot for free, and thousands of pods share one template.
 */
export class ObjectStore {
  #version: number;
  #forgottenUpTo: number;
  readonly #tables = new Map<Resource, Table>();
  readonly #listeners = new Set<ChangeListener>();
  readonly #now: () => string;

  /** Versions count on from `firstVersion`, so that those of an earlier world are too old. */
  constructor(options: { now: () => string; firstVersion: number }) {
    this.#now = options.now;
    this.#version = options.firstVersion;
    this.#forgottenUpTo = options.firstVersion;
  }

  /** The version of the newest write. */
  get version(): number {
    return this.#version;
  }

  table(resource: Resource): Table {
    let table = this.#tables.get(resource);
    if (!table) {
      table = new Table(this.#forgottenUpTo);
      this.#tables.set(resource, table);
    }
    return table;
  }

  get<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): T | undefined {
    return this.table(resource).get(namespace, name) as T | undefined;
  }

  /** All objects of a kind, or those of one namespace, sorted by namespace and name. */
  list<T extends KubeObject>(
    resource: Resource<T>,
    namespace?: string,
  ): readonly T[] {
    return this.table(resource).list(namespace) as readonly T[];
  }

  /** The objects of a kind whose ownerReferences name this uid. */
  ownedBy<T extends KubeObject>(resource: Resource<T>, uid: string): T[] {
    return this.table(resource).ownedBy(uid) as T[];
  }

  /** Puts the first state of the world in place: nobody is told. */
  seed<T extends KubeObject>(
    resource: Resource<T>,
    draft: Draft<T>,
    identity: Pick<ObjectMeta, 'uid' | 'creationTimestamp'>,
  ): T {
    const object = this.#stamp(resource, draft, identity);
    this.table(resource).put(object);
    return object;
  }

  /** Throws 409 when the name is taken. */
  create<T extends KubeObject>(resource: Resource<T>, draft: Draft<T>): T {
    const object = this.#stamp(resource, draft, {
      uid: randomUUID(),
      creationTimestamp: this.#now(),
    });
    const { namespace, name } = object.metadata;
    if (this.get(resource, namespace, name)) {
      throw alreadyExists(resource, name);
    }
    this.table(resource).put(object);
    this.#publish({ resource, type: 'ADDED', object, version: this.#version });
    return object;
  }

  /**
   * Replaces an object by what `change` makes of it. Writing what is already there is no write,
   * as in Kubernetes: version and watchers stay untouched. Throws 404 when the object is gone.
   */
  update<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    change: (current: T) => T,
  ): T {
    const previous = this.get(resource, namespace, name);
    if (!previous) {
      throw notFound(resource, name);
    }
    const next = change(previous);
    if (next === previous || isDeepStrictEqual(next, previous)) {
      return previous;
    }
    const specChanged = !isDeepStrictEqual(next.spec, previous.spec);
    this.#version += 1;
    const object: T = {
      ...next,
      metadata: {
        ...next.metadata,
        uid: previous.metadata.uid,
        creationTimestamp: previous.metadata.creationTimestamp,
        resourceVersion: String(this.#version),
        ...(previous.metadata.generation !== undefined && {
          generation: previous.metadata.generation + (specChanged ? 1 : 0),
        }),
      },
    };
    this.table(resource).put(object, previous);
    this.#publish({
      resource,
      type: 'MODIFIED',
      object,
      previous,
      version: this.#version,
    });
    return object;
  }

  /** Removes an object; absent ones are fine. Answers whether there was one. */
  remove(
    resource: Resource,
    namespace: string | undefined,
    name: string,
  ): boolean {
    const previous = this.get(resource, namespace, name);
    if (!previous) {
      return false;
    }
    this.#version += 1;
    this.table(resource).drop(previous);
    const object = {
      ...previous,
      metadata: {
        ...previous.metadata,
        resourceVersion: String(this.#version),
      },
    };
    this.#publish({
      resource,
      type: 'DELETED',
      object,
      previous,
      version: this.#version,
    });
    return true;
  }

  /** Makes every version up to now too old to watch or page from. */
  forgetHistory() {
    this.#forgottenUpTo = this.#version;
    for (const table of this.#tables.values()) {
      table.forgetHistory(this.#version);
    }
  }

  /** Calls back after every write, in order; the answer ends it. */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #stamp<T extends KubeObject>(
    resource: Resource<T>,
    draft: Draft<T>,
    identity: Pick<ObjectMeta, 'uid' | 'creationTimestamp'>,
  ): T {
    this.#version += 1;
    const { name, ...metadata } = draft.metadata as ObjectMeta;
    return {
      ...draft,
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: {
        name,
        ...metadata,
        ...identity,
        resourceVersion: String(this.#version),
        ...(draft.spec !== undefined && { generation: 1 }),
      },
    } as unknown as T;
  }

  #publish(change: Change) {
    this.table(change.resource).remember(change);
    for (const listener of this.#listeners) {
      listener(change);
    }
  }
}
