import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { CheckedMesh } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { NoteLists, NoteRead } from './reads';

/** What a detector sees of one cluster. */
export interface NoteWorld {
  /** Empty for what the note does not read. */
  lists: NoteLists;
  mesh: CheckedMesh;
  cluster: string;
}

/** One change of a minor that somebody who upgrades should know, in our own words. */
export interface UpgradeNote {
  /** Unique among all notes, kebab-case. */
  id: string;
  title: string;
  /** What is different afterwards. */
  change: string;
  /** What to do when it matters. */
  remedy: string;
  /** How bad it is for those it affects. */
  severity: 'consent' | 'warning' | 'info';
  /** Where Istio says so. */
  link: { title: string; url: string };
  /** Absent when nothing in a cluster tells whether it is affected. */
  detector?: {
    reads: NoteRead[];
    /** The objects that are affected; none when the cluster is not. */
    detect(world: NoteWorld): CheckedObject[];
  };
}

/** Everything to know about one minor. */
export interface MinorNotes {
  /** Number of the minor of Istio 1. */
  minor: number;
  notes: UpgradeNote[];
}
