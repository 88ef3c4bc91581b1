import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { ClusterRegistry } from '../../clusters/types';
import type { Inventory } from '../../inventory/types';
import { clientFor } from '../kubernetes/clientFor';
import type { DriftMemory, NewRunEvent, Run } from '../types';
import { driftOf } from './driftOf';
import { expectedManagers } from './expectedManagers';
import { readWatchedObjects } from './readWatchedObjects';

/** What a look at the control planes of a run gave. */
export interface DriftFindings {
  memory: DriftMemory;
  events: NewRunEvent[];
}

export interface DriftWatchOptions {
  clusters: ClusterRegistry;
  inventory: Pick<Inventory, 'mesh'>;
  logger: LoggerService;
  /** Pause between two looks, in milliseconds. Default: 5 seconds. */
  everyMs?: number;
}

interface Look {
  begunAt: number;
  findings?: DriftFindings;
}

const EVERY_MS = 5_000;
const LOOK_TIMEOUT_MS = 10_000;

/** Looks, beside the engine's passes, whether somebody else changes what a run upgrades. */
export class DriftWatch {
  readonly #options: DriftWatchOptions;
  readonly #looks = new Map<string, Look>();

  static create(options: DriftWatchOptions): DriftWatch {
    return new DriftWatch(options);
  }

  private constructor(options: DriftWatchOptions) {
    this.#options = options;
  }

  /** What was found since it was asked last; looks again when it is time to. */
  of(run: Run): DriftFindings | undefined {
    if (run.kind !== 'mesh' || run.meshId === undefined) {
      return undefined;
    }
    const { everyMs = EVERY_MS } = this.#options;
    const former = this.#looks.get(run.id);
    const now = performance.now();
    if (former && now - former.begunAt < everyMs) {
      const { findings } = former;
      former.findings = undefined;
      return findings;
    }
    const look: Look = { begunAt: now };
    this.#looks.set(run.id, look);
    this.#find(run).then(findings => {
      look.findings = findings;
    });
    return undefined;
  }

  forget(runId: string): void {
    this.#looks.delete(runId);
  }

  async #find(run: Run): Promise<DriftFindings> {
    let { drift: memory } = run;
    const events: NewRunEvent[] = [];
    for (const { objects, expected } of await this.#see(run)) {
      const isExpected = (manager: string) => expected.has(manager);
      const found = driftOf(objects, { memory, isExpected });
      memory = found.memory;
      events.push(...found.events);
    }
    return { memory: memory ?? { seen: {}, told: [] }, events };
  }

  async #see(run: Run) {
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    const mesh = await this.#unlessBroken(run, () =>
      this.#options.inventory.mesh(run.meshId!),
    );
    const controlPlanes = mesh?.clusters.flatMap(each => each.controlPlanes);
    const seen = await Promise.all(
      (controlPlanes ?? []).map(async controlPlane => {
        const expected = expectedManagers(controlPlane.install.method);
        const objects =
          expected &&
          (await this.#unlessBroken(run, () =>
            readWatchedObjects(
              clientFor(this.#options.clusters, controlPlane.cluster),
              controlPlane,
              { signal },
            ),
          ));
        return expected && objects ? [{ objects, expected }] : [];
      }),
    );
    return seen.flat();
  }

  /** Nothing depends on a look, and whatever is wrong with a cluster, its steps tell. */
  async #unlessBroken<T>(
    run: Run,
    ask: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.#options.logger.debug(
        `Could not look for changes by others during run '${run.id}'`,
        toError(error),
      );
      return undefined;
    }
  }
}
