import assert from 'node:assert/strict';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { ClusterAccess } from '../../../ClusterAccess';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { clusterOf } from '../clusterState';
import { ends, start } from '../runs';
import type { State } from '../State';
import { assertInjected } from './assertUpgraded';
import type { RevisionMesh } from './meshes';

interface Istio {
  status: {
    state: string;
    activeRevisionName: string;
    revisions: { total: number; ready: number; inUse: number };
  };
}

/** Sail with a revision for every version: both stand until nothing uses the former. */
export const revisionStep = (mesh: RevisionMesh): Step<State, World> => ({
  name: `${mesh.id} gets a new revision beside the one in use, and the tag leads to it`,
  async run(world) {
    const { id: meshId, target, next, former } = mesh;
    const { id } = await start(world.product, { meshId, target });
    await ends(world.product, id, 'succeeded');
    const cluster = clusterOf(world, meshId);
    const { status } = await cluster.get<Istio>(
      '/apis/sailoperator.io/v1/istios/default',
    );
    assert.equal(status.state, 'Healthy');
    assert.equal(status.activeRevisionName, next);
    assert.deepEqual(status.revisions, { total: 2, ready: 2, inUse: 2 });
    assert.deepEqual(await istiodsOf(cluster), [
      `istiod-${former}`,
      `istiod-${next}`,
    ]);
    await poll(
      () =>
        assertInjected(
          world,
          { cluster: meshId, namespace: mesh.tagged },
          target,
        ).then(
          () => true,
          () => undefined,
        ),
      { timeoutMs: 10_000, intervalMs: 200, what: 'the tag to lead there' },
    );
    await assertInjected(
      world,
      { cluster: meshId, namespace: mesh.byName },
      '1.29.4',
    );
  },
});

/** Names of the istiod Deployments. */
export async function istiodsOf(cluster: ClusterAccess): Promise<string[]> {
  const { items } = await cluster.get<{
    items: { metadata: { name: string } }[];
  }>(
    '/apis/apps/v1/namespaces/istio-system/deployments?labelSelector=app%3Distiod',
  );
  return items.map(({ metadata }) => metadata.name);
}
