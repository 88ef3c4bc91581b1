import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../../clusters/types';

/** Where a list and its watch deliver the objects of one resource. */
export interface ObjectSink<T extends KubernetesObject> {
  upsert(object: T): void;
  remove(object: T): void;
  /** After a complete list: everything that is not in it is gone. */
  retainOnly(keys: ReadonlySet<string>): void;
}

/** `namespace/name`, or `/name` for cluster-scoped objects. */
export function objectKey({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/**
 * The facts of one resource. Projects an object the moment it arrives and
 * tells a change only when the projection differs, so that the many updates
 * of a pod that concern nobody end here.
 */
export class FactTable<T extends KubernetesObject, TFact>
  implements ObjectSink<T>
{
  readonly #facts = new Map<string, TFact>();
  readonly #project: (object: T) => TFact | undefined;
  readonly #changed: (
    former: TFact | undefined,
    next: TFact | undefined,
  ) => void;

  constructor(options: {
    /** Undefined for an object nobody needs. */
    project: (object: T) => TFact | undefined;
    changed: (former: TFact | undefined, next: TFact | undefined) => void;
  }) {
    this.#project = options.project;
    this.#changed = options.changed;
  }

  upsert(object: T): void {
    this.#set(objectKey(object), this.#project(object));
  }

  remove(object: T): void {
    this.#set(objectKey(object), undefined);
  }

  retainOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#facts.keys()) {
      if (!keys.has(key)) {
        this.#set(key, undefined);
      }
    }
  }

  get(key: string): TFact | undefined {
    return this.#facts.get(key);
  }

  values(): IterableIterator<TFact> {
    return this.#facts.values();
  }

  #set(key: string, next: TFact | undefined): void {
    const former = this.#facts.get(key);
    if (isDeepStrictEqual(former, next)) {
      return;
    }
    if (next === undefined) {
      this.#facts.delete(key);
    } else {
      this.#facts.set(key, next);
    }
    this.#changed(former, next);
  }
}
