import assert from 'node:assert/strict';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { agree, tableBy } from '../agree';
import {
  expectMeshes,
  look,
  type ExpectedMeshes,
} from '../reader/expectMeshes';
import { takeSnapshot } from '../reader/Snapshot';
import { shownMeshes } from '../shownMeshes';

const PARTS: [keyof ExpectedMeshes, string][] = [
  ['clusters', 'clusters and their versions of Kubernetes'],
  [
    'controlPlanes',
    'control planes, how ready they are and who installed them',
  ],
  ['revisions', 'revisions, and who would be injected by them'],
  ['tags', 'revision tags and the namespaces that ask for them'],
  ['components', 'istiods, agents on the nodes and gateways'],
  ['meshes', 'meshes, with the census of their sidecars'],
];

/** Everything above the workloads, part by part. */
export const meshSteps: Step<object>[] = PARTS.map(([part, sentence]) => ({
  name: `${sentence} are as the clusters tell`,
  async run(world) {
    const seen = await meshesAgree(world, part);
    assert(seen.size > 0, `there are no ${part} to compare`);
  },
}));

function meshesAgree({ product, clusters }: World, part: keyof ExpectedMeshes) {
  return agree(
    part,
    async () => {
      const seen = await Promise.all(
        clusters.map(async cluster =>
          look(cluster, await takeSnapshot(cluster)),
        ),
      );
      return tableBy((await expectMeshes(seen))[part], ({ id }) => id);
    },
    async () => tableBy((await shownMeshes(product))[part], ({ id }) => id),
  );
}
