import { FactTable } from './FactTable';
import { projectDeployment, projectWorkload } from './projectWorkload';
import type { RawWorkload } from './projectWorkload';
import type { ControllerFact, WorkloadFact } from './types';
import { UidIndex } from './UidIndex';
import { BUILT_IN_KINDS } from './workloadKinds';
import type { WorkloadKindSpec } from './workloadKinds';

/**
 * The objects that run pods, of every kind that is read. One that another of
 * them controls, such as the ReplicaSet of a Deployment, is no workload of its
 * own: it only links its pods to the top of the chain.
 */
export class WorkloadTables {
  readonly #kinds: Map<string, WorkloadKindSpec>;
  readonly #tables = new Map<string, FactTable<RawWorkload, WorkloadFact>>();
  readonly #byUid = new Map<string, WorkloadFact>();
  readonly #byController = new UidIndex<WorkloadFact>();

  constructor(options: {
    customKinds: WorkloadKindSpec[];
    changed: (former?: WorkloadFact, next?: WorkloadFact) => void;
  }) {
    const kinds = [...Object.values(BUILT_IN_KINDS), ...options.customKinds];
    this.#kinds = new Map(kinds.map(spec => [spec.kind, spec]));
    for (const spec of kinds) {
      const project =
        spec.kind === 'Deployment' ? projectDeployment : projectWorkload;
      this.#tables.set(
        spec.kind,
        new FactTable({
          project: project(spec, controller => this.reads(controller)),
          changed: (former, next) => {
            this.#index(former, next);
            options.changed(former, next);
          },
        }),
      );
    }
  }

  /** The objects of a kind that is read, those that others control among them. */
  table(kind: string): FactTable<RawWorkload, WorkloadFact> | undefined {
    return this.#tables.get(kind);
  }

  /** Of `namespace/name`; undefined for one that belongs to another workload. */
  get(kind: string, key: string): WorkloadFact | undefined {
    const workload = this.#tables.get(kind)?.get(key);
    return workload && this.#isInner(workload) ? undefined : workload;
  }

  *values(): Generator<WorkloadFact> {
    for (const table of this.#tables.values()) {
      for (const workload of table.values()) {
        if (!this.#isInner(workload)) {
          yield workload;
        }
      }
    }
  }

  /** Whether objects like this controller are read; other groups have kinds of the same name. */
  reads({ kind, apiVersion }: ControllerFact): boolean {
    const spec = this.#kinds.get(kind);
    return (
      spec !== undefined &&
      (apiVersion === undefined || groupOf(apiVersion) === spec.group)
    );
  }

  /** The workload that an object belongs to in the end; undefined until the whole chain is known. */
  topOf(workload: WorkloadFact): WorkloadFact | undefined {
    return workload.controller && this.#isInner(workload)
      ? this.topAbove(workload.controller)
      : workload;
  }

  /** Like `topOf`, for the controller that a pod or workload names. */
  topAbove({ uid }: ControllerFact): WorkloadFact | undefined {
    const controller = this.#byUid.get(uid);
    return controller && this.topOf(controller);
  }

  /** Uids of the workload and of everything below it that may control pods. */
  chainBelow(uid: string): string[] {
    return [
      uid,
      ...this.#byController
        .get(uid)
        .flatMap(inner => this.chainBelow(inner.uid)),
    ];
  }

  #isInner({ controller }: WorkloadFact): boolean {
    return controller !== undefined && this.reads(controller);
  }

  #index(former: WorkloadFact | undefined, next: WorkloadFact | undefined) {
    if (former) {
      this.#byUid.delete(former.uid);
      this.#byController.delete(former.controller?.uid, former.uid);
    }
    if (next) {
      this.#byUid.set(next.uid, next);
      this.#byController.set(next.controller?.uid, next.uid, next);
    }
  }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
}
