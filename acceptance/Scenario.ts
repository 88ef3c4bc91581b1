import type { World } from './World';

/** Which fleet a platform sets up: one with a mesh to upgrade, one with everything there is to see, one with clusters of several ages, one with control planes of several installers, one with a control plane of Argo CD, one with those of other operators, or one with real nodes. */
export type Fleet =
  | 'upgrade'
  | 'inventory'
  | 'checks'
  | 'meshUpgrade'
  | 'meshReturn'
  | 'argocd'
  | 'operators'
  | 'realNode';

/** One thing that has to hold; later steps build on what earlier ones did. */
export interface Step<TState, TWorld extends World = World> {
  /** A sentence about the product, as it is printed. */
  name: string;
  /** Whether the world can show it; by default every world can. */
  on?(world: TWorld): boolean;
  /** Throws when the sentence is not true. */
  run(world: TWorld, state: TState): Promise<void>;
}

/** A path through the whole product, the same on every world. */
export interface Scenario<TState = any, TWorld extends World = any> {
  name: string;
  title: string;
  fleet: Fleet;
  /** The one platform that has such a fleet; every platform when absent. */
  only?: 'testbed' | 'lab';
  /** What the steps tell each other; empty at the start. */
  start(): TState;
  steps: Step<TState, TWorld>[];
}
