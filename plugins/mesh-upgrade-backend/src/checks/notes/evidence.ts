import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { all, at } from '../configuration/deprecatedFields';
import { checkedObject } from '../configuration/objects';
import { NOTE_READS, type NoteObject, type NoteRead } from './reads';
import type { NoteWorld } from './types';

/** The objects of a list that are affected. */
export function hits(
  { lists }: NoteWorld,
  read: NoteRead,
  isAffected: (object: NoteObject) => boolean = () => true,
): CheckedObject[] {
  return lists[read]
    .filter(isAffected)
    .map(object => checkedObject(NOTE_READS[read].kind, object));
}

/** Those istiods that set one of these environment variables; to this value, if one is given. */
export function istiodsWith(
  world: NoteWorld,
  variables: string[],
  value?: string,
): CheckedObject[] {
  return hits(world, 'istiods', istiod =>
    variables.some(variable => {
      const set = environment(istiod, variable);
      return value === undefined ? set !== undefined : set === value;
    }),
  );
}

/** Whether somebody already chose the former behaviour for every istiod. */
export function keepsFormer(
  { lists }: NoteWorld,
  variable: string,
  former: string,
): boolean {
  return (
    lists.istiods.length > 0 &&
    lists.istiods.every(istiod => environment(istiod, variable) === former)
  );
}

/** Whether the mesh has ztunnels in the cluster. */
export function isAmbient({ mesh, cluster }: NoteWorld): boolean {
  return mesh.components.some(
    component => component.kind === 'ztunnel' && component.cluster === cluster,
  );
}

/** Workloads whose pods carry an annotation. */
export function workloadsWith(
  world: NoteWorld,
  annotation: string,
): CheckedObject[] {
  return (['deployments', 'statefulSets', 'daemonSets'] as const).flatMap(
    read =>
      hits(
        world,
        read,
        ({ spec }) =>
          at(spec, 'template', 'metadata', 'annotations', annotation) !==
          undefined,
      ),
  );
}

function environment(istiod: NoteObject, variable: string): unknown {
  const set = all(istiod.spec, 'template', 'spec', 'containers')
    .flatMap(container => all(container, 'env'))
    .find(entry => at(entry, 'name') === variable);
  return set === undefined ? undefined : at(set, 'value') ?? '';
}
