import type { World } from './World';

/** One thing that has to hold; later steps build on what earlier ones did. */
export interface Step<TState> {
  /** A sentence about the product, as it is printed. */
  name: string;
  /** Throws when the sentence is not true. */
  run(world: World, state: TState): Promise<void>;
}

/** A path through the whole product, the same on every world. */
export interface Scenario<TState = any> {
  name: string;
  title: string;
  /** What the steps tell each other; empty at the start. */
  start(): TState;
  steps: Step<TState>[];
}
