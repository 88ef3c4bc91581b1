import { InputError } from '@backstage/errors';
import type {
  UpgradeSubject,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh, Inventory } from '../../inventory/types';
import type { RunLock, RunStore } from '../store/RunStore';
import { assertReturn } from './assertSuccession';
import { newestUpgrade } from './returnTarget';

/** What a request is about, as the inventory knows it. */
export type Selection =
  | {
      kind: 'mesh';
      mesh: InventoriedMesh;
      targetVersion: string;
      returnOf?: string;
    }
  | { kind: 'leftovers'; mesh: InventoriedMesh; leftovers: string[] }
  | { kind: 'sidecars'; workloads: WorkloadDetail[] };

export interface SelectionOptions {
  inventory: Inventory;
  store: RunStore;
}

/** @throws InputError when it is empty, unknown, or names a run that cannot be taken back */
export async function select(
  subject: UpgradeSubject,
  { inventory, store }: SelectionOptions,
): Promise<Selection> {
  if (subject.kind === 'mesh') {
    const mesh = await meshOf(inventory, subject.meshId);
    const { targetVersion, returnOf } = subject;
    if (returnOf !== undefined) {
      await assertReturnable(subject, returnOf, store);
    }
    return { kind: 'mesh', mesh, targetVersion, returnOf };
  }
  if (subject.kind === 'leftovers') {
    const mesh = await meshOf(inventory, subject.meshId);
    return { kind: 'leftovers', mesh, leftovers: subject.leftovers };
  }
  const ids = [...new Set(subject.workloads)];
  if (ids.length === 0) {
    throw new InputError('workloads must not be empty');
  }
  const workloads = await inventory.workloadsById(ids);
  const known = new Set(workloads.map(({ id }) => id));
  const unknown = ids.filter(id => !known.has(id));
  if (unknown.length > 0) {
    throw new InputError(`Unknown workloads: ${unknown.join(', ')}`);
  }
  return { kind: 'sidecars', workloads };
}

/** A mesh is upgraded alone; restarts in it share it, and have their workloads alone. */
export function locksOf(selection: Selection): RunLock[] {
  if (selection.kind !== 'sidecars') {
    return [{ key: `mesh:${selection.mesh.id}`, exclusive: true }];
  }
  const { workloads } = selection;
  const meshes = new Set(workloads.flatMap(({ meshId }) => meshId ?? []));
  return [
    ...[...meshes].map(id => ({ key: `mesh:${id}`, exclusive: false })),
    ...workloads.map(({ id }) => ({ key: `workload:${id}`, exclusive: true })),
  ];
}

/** Of those that a run locks, alone or shared. */
export function meshesOf(locks: RunLock[]): string[] {
  return locks.flatMap(({ key }) =>
    key.startsWith('mesh:') ? [key.slice('mesh:'.length)] : [],
  );
}

async function meshOf(
  inventory: Inventory,
  id: string,
): Promise<InventoriedMesh> {
  const mesh = await inventory.mesh(id);
  if (!mesh) {
    throw new InputError(`No mesh '${id}' is known`);
  }
  return mesh;
}

async function assertReturnable(
  subject: UpgradeSubject & { kind: 'mesh' },
  returnOf: string,
  store: RunStore,
): Promise<void> {
  const former = await store.get(returnOf);
  assertReturn(former, subject, returnOf);
  if (former?.returnOf !== undefined) {
    throw new InputError(
      `'returnOf' names run '${returnOf}', which took another one back; upgrade the mesh instead`,
    );
  }
  const newest = await newestUpgrade(store, subject.meshId);
  if (newest?.id !== returnOf) {
    throw new InputError(
      `'returnOf' names run '${returnOf}', after which run '${newest?.id}' changed mesh '${subject.meshId}'; only the newest one is taken back`,
    );
  }
}
