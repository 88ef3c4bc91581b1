import type { ClusterRegistry, KubernetesClient } from '../../clusters/types';
import { clientFor } from '../kubernetes/clientFor';
import type {
  ObserveOptions,
  Run,
  Step,
  StepActuator,
  StepObservation,
} from '../types';

/** What a step that changes nothing looks at. */
export interface Look {
  action: string;
  /** @throws what the cluster answers; the engine decides whether it asks again. */
  look(
    client: KubernetesClient,
    step: Step,
    options: ObserveOptions & { run: Run },
  ): Promise<StepObservation>;
}

/** A step that only looks: nothing is ever wanting. */
export class LookActuator implements StepActuator {
  readonly #clusters: ClusterRegistry;
  readonly #look: Look;

  static create(options: {
    clusters: ClusterRegistry;
    look: Look;
  }): LookActuator {
    return new LookActuator(options.clusters, options.look);
  }

  private constructor(clusters: ClusterRegistry, look: Look) {
    this.#clusters = clusters;
    this.#look = look;
  }

  get action(): string {
    return this.#look.action;
  }

  async observe(
    step: Step,
    run: Run,
    options: ObserveOptions,
  ): Promise<StepObservation> {
    const client = clientFor(this.#clusters, step.cluster);
    return this.#look.look(client, step, { ...options, run });
  }

  intend(): Record<string, unknown> {
    return {};
  }

  async act(): Promise<void> {
    throw new Error(`'${this.action}' only looks`);
  }
}
