import { toError } from '@backstage/errors';
import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  info,
  passed,
  undecided,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { minorsOnTheWay } from '../configuration/hop';
import { nameAll } from '../configuration/objects';
import {
  emptyLists,
  NOTE_READS,
  UPGRADE_NOTES,
  upgradeNotesOf,
  type MinorNotes,
  type NoteObject,
  type UpgradeNote,
} from '../notes';
import type { MeshCheck, MeshCheckContext } from '../types';

/** What a note turned out to mean for one cluster. */
type Outcome =
  | { cluster: string; objects: CheckedObject[] }
  | { cluster: string; problem: string };

const SAY = { consent, warning, info };

/** What Istio tells those who upgrade, and whom of this mesh it concerns. */
export function upgradeNotes(
  known: readonly MinorNotes[] = UPGRADE_NOTES,
): MeshCheck {
  return {
    id: 'upgrade-notes',
    title: 'Upgrade notes',
    worst: 'consent',
    scope: 'mesh',
    async run(context) {
      const { currentVersion, targetVersion, mesh } = context;
      const minors = minorsOnTheWay(currentVersion, targetVersion);
      if (minors.length === 0) {
        return [
          passed({
            title: `There are no upgrade notes on the way to ${targetVersion}`,
            object: `mesh ${mesh.id}`,
            observed: `From ${
              currentVersion ?? 'an unknown version'
            } to ${targetVersion}`,
            expected: 'No new minor',
          }),
        ];
      }
      const findings = await Promise.all(
        minors.map(minor => {
          const notes = known.find(each => each.minor === minor);
          return notes
            ? notesOf(notes, context)
            : [unknownMinor(minor, context)];
        }),
      );
      return findings.flat();
    },
  };
}

async function notesOf(
  { minor, notes }: MinorNotes,
  context: MeshCheckContext,
): Promise<Finding[]> {
  const findings = await Promise.all(
    notes.map(async note =>
      sayNote(note, minor, context, await outcomesOf(note, context)),
    ),
  );
  return findings.flat();
}

async function outcomesOf(
  note: UpgradeNote,
  context: MeshCheckContext,
): Promise<Outcome[]> {
  const { detector } = note;
  return detector === undefined
    ? []
    : Promise.all(
        context.clusters.map(async ({ cluster }): Promise<Outcome> => {
          try {
            return {
              cluster,
              objects: await detectOn(cluster, detector, context),
            };
          } catch (error) {
            context.signal.throwIfAborted();
            return { cluster, problem: toError(error).message };
          }
        }),
      );
}

async function detectOn(
  cluster: string,
  { reads, detect }: NonNullable<UpgradeNote['detector']>,
  { at, mesh }: MeshCheckContext,
): Promise<CheckedObject[]> {
  const lists = emptyLists();
  if (reads.length > 0) {
    const { list } = at(cluster);
    await Promise.all(
      reads.map(async read => {
        const { resource, labelSelector } = NOTE_READS[read];
        lists[read] = await list<NoteObject>(
          resource,
          labelSelector === undefined ? {} : { labelSelector },
        );
      }),
    );
  }
  return detect({ lists, mesh, cluster });
}

/** One finding per cluster that is affected or could not tell; else one for the mesh. */
function sayNote(
  note: UpgradeNote,
  minor: number,
  { mesh }: MeshCheckContext,
  outcomes: Outcome[],
): Finding[] {
  const says = {
    title: `1.${minor}: ${note.title}`,
    expected: note.change,
    remedy: note.remedy,
    link: note.link,
  };
  const findings = outcomes.flatMap((outcome): Finding[] => {
    if ('problem' in outcome) {
      return [
        undecided({
          ...says,
          cluster: outcome.cluster,
          object: `${note.id} on ${outcome.cluster}`,
          observed: `Whether it matters could not be seen: ${outcome.problem}`,
          blocks: false,
        }),
      ];
    }
    const { cluster, objects } = outcome;
    return objects.length === 0
      ? []
      : [
          SAY[note.severity]({
            ...says,
            cluster,
            object: `${note.id} on ${cluster}`,
            observed: `Concerns ${nameAll(objects)}`,
            objects,
          }),
        ];
  });
  return findings.length > 0
    ? findings
    : [
        info({
          ...says,
          object: `${note.id} in mesh ${mesh.id}`,
          observed: note.detector
            ? 'Nothing found that it concerns'
            : 'Nothing in a cluster tells whether it concerns you',
        }),
      ];
}

function unknownMinor(
  minor: number,
  { mesh, targetVersion }: MeshCheckContext,
): Finding {
  return undecided({
    title: `The upgrade notes of Istio 1.${minor} are not known here`,
    object: `mesh ${mesh.id}`,
    observed: `No notes of 1.${minor}, which is on the way to ${targetVersion}`,
    expected: 'Notes of every minor on the way',
    remedy: 'Read them at Istio.',
    link: upgradeNotesOf(minor),
    blocks: false,
  });
}
