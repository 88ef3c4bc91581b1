import type { ClusterRegistry, KubernetesClient } from '../../clusters/types';
import { assertMode, clientFor } from '../kubernetes/clientFor';
import type {
  ObserveOptions,
  Run,
  Step,
  StepActuator,
  StepObservation,
} from '../types';

/** What a step that changes something does, in the words of {@link StepActuator}. */
export interface Change {
  action: string;
  /** What the step's cluster has to be opened for before anything is written. */
  mode: 'restart' | 'full';
  /** @throws what the cluster answers; the engine decides whether it asks again. */
  observe(
    client: KubernetesClient,
    step: Step,
    options: ObserveOptions & { run: Run },
  ): Promise<StepObservation>;
  /** Pure: what will be written. */
  intend(step: Step, run: Run, now: Date): Record<string, unknown>;
  act(
    client: KubernetesClient,
    step: Step,
    options: { run: Run; signal: AbortSignal },
  ): Promise<void>;
}

/** A step that changes something, on clusters that are opened for it. */
export class ChangeActuator implements StepActuator {
  readonly #clusters: ClusterRegistry;
  readonly #change: Change;

  static create(options: {
    clusters: ClusterRegistry;
    change: Change;
  }): ChangeActuator {
    return new ChangeActuator(options.clusters, options.change);
  }

  private constructor(clusters: ClusterRegistry, change: Change) {
    this.#clusters = clusters;
    this.#change = change;
  }

  get action(): string {
    return this.#change.action;
  }

  async observe(
    step: Step,
    run: Run,
    options: ObserveOptions,
  ): Promise<StepObservation> {
    const client = clientFor(this.#clusters, step.cluster);
    return this.#change.observe(client, step, { ...options, run });
  }

  intend(step: Step, run: Run, now: Date): Record<string, unknown> {
    return this.#change.intend(step, run, now);
  }

  /** @throws NotAllowedError when the cluster is not opened for such a change */
  async act(
    step: Step,
    run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    assertMode(this.#clusters, step.cluster, this.#change.mode);
    const client = clientFor(this.#clusters, step.cluster);
    await this.#change.act(client, step, { run, signal });
  }
}
