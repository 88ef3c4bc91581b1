import { createHash } from 'node:crypto';
import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { toWorkloadDocument, toWorkloadRow } from './rows';
import type { WorkloadDocumentRow, WorkloadRow } from './rows';

/** Workloads as they are to be stored. */
export interface WorkloadBatch {
  upserts: WorkloadDetail[];
  /** Ids; `allOthers` removes every workload of the cluster that is not in `upserts`. */
  removals: string[] | 'allOthers';
}

/** Digests of what is stored of a workload, each absent when it is not known. */
export interface StoredWorkload {
  row?: string;
  document?: string;
  owners?: string;
  /** Of what lists are counted by. */
  counted?: string;
}

/** What of a batch differs from what is stored. */
export interface WorkloadChanges {
  rows: WorkloadRow[];
  documents: WorkloadDocumentRow[];
  owners: { id: string; owners: string[] }[];
  removed: string[];
  /** Ids of those that may be found or counted otherwise now, removed ones too. */
  counted: string[];
  /** What is stored of the changed ones after it. */
  stored: Map<string, StoredWorkload>;
}

const NOTHING: WorkloadChanges = {
  rows: [],
  documents: [],
  owners: [],
  removed: [],
  counted: [],
  stored: new Map(),
};

/** Most changes of pods concern the document of their workload alone: its row has many indexes. */
export function workloadChanges(
  batch: WorkloadBatch | undefined,
  stored: ReadonlyMap<string, StoredWorkload>,
): WorkloadChanges {
  if (!batch) {
    return NOTHING;
  }
  const removed = removedBy(batch, stored);
  const changes: WorkloadChanges = {
    ...NOTHING,
    rows: [],
    documents: [],
    owners: [],
    removed,
    counted: [...removed],
    stored: new Map(),
  };
  for (const detail of batch.upserts) {
    const { id, owners } = detail;
    const row = toWorkloadRow(detail);
    const document = toWorkloadDocument(detail);
    const former = stored.get(id) ?? {};
    const next = {
      row: digestOf(Object.values(row)),
      document: digestOf([document.view, document.pods]),
      owners: owners.join(),
      counted: digestOf([
        row.mesh_id,
        row.status,
        row.outdated,
        row.versions,
        row.search_text,
      ]),
    };
    if (former.row !== next.row) {
      changes.rows.push(row);
    }
    if (former.document !== next.document) {
      changes.documents.push(document);
    }
    // A new workload without an owner has nothing to remove.
    if (
      former.owners !== next.owners &&
      (stored.has(id) || owners.length > 0)
    ) {
      changes.owners.push({ id, owners });
    }
    if (
      former.row !== next.row ||
      former.document !== next.document ||
      former.owners !== next.owners
    ) {
      changes.stored.set(id, next);
    }
    if (former.counted !== next.counted || former.owners !== next.owners) {
      changes.counted.push(id);
    }
  }
  return changes;
}

function removedBy(
  { upserts, removals }: WorkloadBatch,
  stored: ReadonlyMap<string, StoredWorkload>,
): string[] {
  if (removals !== 'allOthers') {
    return removals.filter(id => stored.has(id));
  }
  const kept = new Set(upserts.map(({ id }) => id));
  return [...stored.keys()].filter(id => !kept.has(id));
}

function digestOf(values: (string | number | null)[]): string {
  return createHash('sha1').update(JSON.stringify(values)).digest('base64');
}
