import type { Resource } from '../kubernetes/resources';
import type { Draft, KubeObject } from '../kubernetes/types';
import type { Charts } from './charts/Charts';
import type { GitContents } from './git/GitContents';

/** A cluster as an operator sees it: one of the lab, or a real API server. */
export interface OperatorCluster {
  /** RFC 3339 with whole seconds. */
  now(): string;
  list<T extends KubeObject>(
    resource: Resource<T>,
    namespace?: string,
  ): Promise<readonly T[]>;
  /** `undefined` when there is none of that name. */
  get<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): Promise<T | undefined>;
  create<T extends KubeObject>(
    resource: Resource<T>,
    draft: Draft<T>,
  ): Promise<T>;
  /** Writes what `change` makes of an object, but for its status; unchanged objects are not written. */
  update<T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    change: (current: T) => T,
  ): Promise<T>;
  /** Replaces the status of an object; the same status is not written. */
  writeStatus<T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    status: T['status'],
  ): Promise<void>;
  remove(resource: Resource, object: KubeObject): Promise<void>;
  charts: Charts;
  git: GitContents;
}

/** Keeps the objects of one kind: looks at one of them and does what is to be done next. */
export interface Operator<T extends KubeObject = KubeObject> {
  /** Whose knob stops it. */
  maker: 'sail' | 'flux' | 'argocd';
  resource: Resource<T>;
  /** Whether a commit makes it look again. */
  readsGit?: boolean;
  /** Other objects whose changes make it look again at all that it keeps. */
  concerns?(resource: Resource, object: KubeObject): boolean;
  /** Answers after how many milliseconds to look again though nothing changed. */
  reconcile(cluster: OperatorCluster, object: T): Promise<number | void>;
}
