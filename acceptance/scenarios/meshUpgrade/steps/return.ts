import assert from 'node:assert/strict';
import type {
  CheckReport,
  MeshView,
  RunView,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import {
  clusterOf,
  history,
  istiodImage,
  releases,
  valuesOf,
} from '../clusterState';
import { FIRST, NEXT, SECOND, START } from '../facts';
import { ends, planUntil, start } from '../runs';
import { startSubject } from '../startSubject';
import type { State } from '../State';

const SEEN_TIMEOUT_MS = 60_000;

/** The first cluster is a mesh of its own, and helm's image is there. */
const ALONE = {
  meshUpgrade: {
    meshes: [FIRST, SECOND].map(id => ({ id, clusters: [id] })),
    upgrades: { helm: { image: 'docker.io/alpine/helm:3.19.0' } },
  },
};

/** One hop forward and the same one back. */
export const returnSteps: Step<State, World>[] = [
  {
    name: `a run to ${NEXT} offers the way back to ${START} when it is over`,
    async run(world, state) {
      const { product } = world;
      // A catalog that is stopped before it has read its users reads them much later.
      await product.get('ada', '/clusters');
      await product.reconfigure(ALONE);
      state.values = await valuesOf(world, FIRST, 'istiod');
      const upgrade = { meshId: FIRST, target: NEXT };
      await planUntil(
        product,
        upgrade,
        'a plan of helm alone',
        plan => plan.driver === 'helm',
      );
      const { id } = await start(product, upgrade);
      await ends(product, id, 'succeeded');
      state.run = await product.get<RunView>('ada', `/runs/${id}`);
      assert.equal(state.run.returnTo, START);
      // The checks of the way back read the inventory, which follows the cluster.
      await poll(
        async () =>
          (await product.get<MeshView>('ada', `/meshes/${FIRST}`)).version ===
            NEXT || undefined,
        { timeoutMs: SEEN_TIMEOUT_MS, what: `mesh ${FIRST} at ${NEXT}` },
      );
      state.revisions = (await history(world, FIRST, 'istiod')).length;
    },
  },
  {
    name: 'the way back asks for consent to the definitions that stay newer',
    async run({ product }, state) {
      const { status, body } = await product.call(
        'ada',
        'POST',
        '/checks',
        wayBack(state),
      );
      assert.equal(status, 200, JSON.stringify(body));
      const { findings, consents } = body as CheckReport;
      const asked = findings.find(({ check }) => check === 'return-risks');
      assert.equal(
        asked?.title,
        `Istio's custom resource definitions stay those of ${NEXT}`,
      );
      assert(consents.includes(asked!.id), JSON.stringify(findings));
    },
  },
  {
    name: 'helm rolls istiod back with the values of then, base stays, and new pods get the former proxy',
    async run(world, state) {
      const { id } = await startSubject(world.product, wayBack(state));
      await ends(world.product, id, 'succeeded');
      assert.deepEqual(await releases(world, FIRST), [
        `base-${NEXT}`,
        `istiod-${START}`,
      ]);
      const revisions = await history(world, FIRST, 'istiod');
      assert.equal(revisions.length, state.revisions! + 1);
      assert.deepEqual(await valuesOf(world, FIRST, 'istiod'), state.values);
      assert.match(
        await istiodImage(clusterOf(world, FIRST)),
        new RegExp(`:${START.replaceAll('.', '\\.')}$`),
      );
    },
  },
];

function wayBack({ run }: State): UpgradeSubject {
  return {
    kind: 'mesh',
    meshId: FIRST,
    targetVersion: START,
    returnOf: run!.id,
  };
}
