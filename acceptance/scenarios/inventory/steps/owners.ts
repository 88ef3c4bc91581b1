import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { expectWorkloads } from '../reader/expectWorkloads';
import { takeSnapshot } from '../reader/Snapshot';
import { allWorkloads } from '../shown';

/** The catalog is asked every 15 s, and its file is read when it is told to. */
const PATIENCE_MS = 60_000;
const ID = 'backstage.io/kubernetes-id';
const SELECTOR = 'backstage.io/kubernetes-label-selector';
const NAMESPACE = 'backstage.io/kubernetes-namespace';
const CLUSTER = 'backstage.io/kubernetes-cluster';
const WORKLOADS = 'mesh-upgrade.io/workloads';

type Annotations = Record<string, string>;

/** Who owns what follows the annotations of the catalog. */
export const ownerSteps: Step<object>[] = [
  {
    name: 'workloads belong to every entity that selects them',
    async run(world) {
      const [first, second] = await twoWithId(world);
      await ownersBecome(world, {
        'by-id': { [ID]: first.id },
        'by-label': {
          [SELECTOR]: `${ID}=${first.id}`,
          [NAMESPACE]: first.namespace,
        },
        'by-cluster': { [ID]: first.id, [CLUSTER]: first.cluster },
        elsewhere: { [ID]: first.id, [CLUSTER]: 'no-such-cluster' },
        'by-list': {
          // Our own annotation says it all: the id beside it selects nothing.
          [WORKLOADS]: second.path,
          [ID]: first.id,
        },
      });
    },
  },
  {
    name: 'an entity that changes takes its workloads along, and one that goes gives them back',
    async run(world) {
      const [first, second] = await twoWithId(world);
      await ownersBecome(world, {
        'by-id': { [ID]: second.id },
        'by-label': {
          [SELECTOR]: `${ID} in (${first.id}, ${second.id})`,
          [NAMESPACE]: 'no-such-namespace',
        },
        'by-cluster': { [ID]: first.id },
      });
    },
  },
];

interface Labelled {
  id: string;
  cluster: string;
  namespace: string;
  path: string;
}

/** Writes these entities, and only these, and waits until the owners of all workloads follow from them. */
async function ownersBecome(
  world: World,
  entities: Record<string, Annotations>,
): Promise<void> {
  writeFileSync(
    world.catalogFile,
    Object.entries(entities)
      .map(([name, annotations]) =>
        JSON.stringify(component(name, annotations)),
      )
      .join('\n---\n'),
  );
  await world.product.refreshCatalog('ada', world.catalogFile);
  const labelled = await labelsOfWorkloads(world);
  let wrong: string[] = [];
  await poll(
    async () => {
      const { items } = await allWorkloads(world.product);
      wrong = items.flatMap(workload => {
        const expected = expectOwners(
          workload,
          labelled.get(workload.id) ?? {},
          entities,
        );
        const shown = workload.owners.filter(isOurs);
        return String(shown) === String(expected)
          ? []
          : [`${workload.id} is of ${expected}, shown of ${shown}`];
      });
      return wrong.length === 0 || undefined;
    },
    {
      timeoutMs: PATIENCE_MS,
      intervalMs: 500,
      what: 'owners to follow the catalog',
      last: () => wrong.slice(0, 8).join('\n'),
    },
  );
}

function component(name: string, annotations: Annotations): object {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: `scenario-${name}`, annotations },
    spec: { type: 'service', lifecycle: 'production', owner: 'platform-team' },
  };
}

function isOurs(owner: string): boolean {
  return owner.startsWith('component:default/scenario-');
}

function expectOwners(
  { id, cluster, namespace }: WorkloadView,
  labels: Record<string, string>,
  entities: Record<string, Annotations>,
): string[] {
  return Object.entries(entities)
    .filter(([, annotations]) =>
      annotations[WORKLOADS] === undefined
        ? selects(annotations, labels) &&
          (annotations[NAMESPACE] ?? namespace) === namespace &&
          (annotations[CLUSTER] ?? cluster) === cluster
        : annotations[WORKLOADS] === id,
    )
    .map(([name]) => `component:default/scenario-${name}`)
    .sort();
}

/** The two forms of selectors that are used here: `key=value` and `key in (a, b)`. */
function selects(
  annotations: Annotations,
  labels: Record<string, string>,
): boolean {
  const match = annotations[SELECTOR]?.match(
    /^(\S+?)\s*(?:=|in \()\s*([^)]*)\)?$/,
  );
  const [key, values] = match
    ? [match[1], match[2].split(/,\s*/)]
    : [ID, [annotations[ID]]];
  return values.includes(labels[key]);
}

async function labelsOfWorkloads({
  clusters,
}: World): Promise<Map<string, Record<string, string>>> {
  const expected = await Promise.all(
    clusters.map(async cluster =>
      expectWorkloads(cluster, await takeSnapshot(cluster)),
    ),
  );
  return new Map(expected.flat().map(({ id, labels }) => [id, labels]));
}

/** Two values of the label that Backstage knows, each with a workload that has it. */
async function twoWithId(world: World): Promise<[Labelled, Labelled]> {
  const found = new Map<string, Labelled>();
  for (const [path, labels] of await labelsOfWorkloads(world)) {
    const [cluster, namespace] = path.split('/');
    if (labels[ID]) {
      found.set(labels[ID], { id: labels[ID], cluster, namespace, path });
    }
  }
  const [first, second] = found.values();
  assert(first && second, `too few workloads are labelled ${ID}`);
  return [first, second];
}
