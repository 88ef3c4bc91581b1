import {
  fieldPaths,
  type FieldsOfManager,
  type ManagedObject,
} from '../../kubernetes/managedFields';
import type { DriftMemory, NewRunEvent } from '../types';

/** An object that belongs to a control plane. */
export interface WatchedObject {
  cluster: string;
  kind: string;
  object: ManagedObject;
  /** What of it an upgrade is about, in words. */
  state?: string;
}

/**
 * Who, besides the run and what it works through, has changed an object since
 * it was seen first. Each writer of each object is told once.
 */
export function driftOf(
  objects: WatchedObject[],
  options: {
    memory: DriftMemory | undefined;
    isExpected(manager: string): boolean;
  },
): { memory: DriftMemory; events: NewRunEvent[] } {
  const { memory, isExpected } = options;
  const seen = { ...memory?.seen };
  const told = new Set(memory?.told);
  const events: NewRunEvent[] = [];
  for (const watched of objects) {
    const name = nameOf(watched);
    const before = seen[name];
    const writers = writersOf(watched.object);
    seen[name] = Object.fromEntries(writers);
    for (const [manager, time] of before ? writers : []) {
      const key = `${name} ${manager}`;
      if (time !== before[manager] && !isExpected(manager) && !told.has(key)) {
        told.add(key);
        events.push({ level: 'warning', message: sentence(watched, manager) });
      }
    }
  }
  return { memory: { seen, told: [...told] }, events };
}

function nameOf({ cluster, kind, object }: WatchedObject): string {
  const { namespace, name } = object.metadata;
  return `${cluster}: ${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

function sentence(watched: WatchedObject, manager: string): string {
  const now = watched.state ? `; it is now ${watched.state}` : '';
  return `${nameOf(
    watched,
  )} was changed by ${manager} while this run is under way${now}`;
}

/** When each manager last changed what the object wants to be. */
function writersOf({ metadata }: ManagedObject): Map<string, string> {
  const writers = new Map<string, string>();
  for (const fields of metadata.managedFields ?? []) {
    const { manager = 'unknown', time = '' } = fields;
    if (wantsSomething(fields) && time >= (writers.get(manager) ?? '')) {
      writers.set(manager, time);
    }
  }
  return writers;
}

function wantsSomething(fields: FieldsOfManager): boolean {
  return (
    fields.subresource !== 'status' &&
    fieldPaths(fields).some(
      path => path.startsWith('spec') || path.startsWith('webhooks'),
    )
  );
}
