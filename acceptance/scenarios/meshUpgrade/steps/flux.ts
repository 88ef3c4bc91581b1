import assert from 'node:assert/strict';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { BY_FLUX, BY_GIT, FIRST, PAIR } from '../facts';
import {
  commit,
  installFlux,
  keepInGit,
  playFlux,
  wantedOfFlux,
} from '../fluxParts';
import { ends, planUntil, runUntil, start, stepOf } from '../runs';
import type { State } from '../State';
import { assertUpgraded } from './upgraded';

/** Flux installs istiod of the first cluster from now on; the scenario does its part. */
export const fluxSteps: Step<State, World>[] = [
  {
    name: 'a control plane of Flux is planned where Flux reads the version',
    async run(world) {
      await installFlux(world);
      const { changes, driver } = await planUntil(
        world.product,
        { meshId: PAIR, target: BY_FLUX },
        'a plan by way of Flux',
        plan => plan.driver?.startsWith('flux') === true,
      );
      assert.equal(driver, 'flux, istioctl');
      const [{ object, before, after }] = changes;
      assert.equal(object, 'OCIRepository istio-system/istiod');
      assert.equal(before, 'spec.ref.tag: 1.31.1');
      assert.equal(after, `spec.ref.tag: ${BY_FLUX}`);
    },
  },
  {
    name: 'the version is changed there, and the run ends when Flux has installed it',
    async run(world, state) {
      const { product } = world;
      const { id } = await start(product, { meshId: PAIR, target: BY_FLUX });
      await poll(
        async () => (await wantedOfFlux(world)) === BY_FLUX || undefined,
        { timeoutMs: 30_000, intervalMs: 100, what: 'the version for Flux' },
      );
      await playFlux(world, BY_FLUX);
      await ends(product, id, 'succeeded');
      await assertUpgraded(world, state, BY_FLUX);
    },
  },
  {
    name: 'what a Kustomization keeps in Git is waited for, with the words for it',
    async run(world, state) {
      const { product } = world;
      await keepInGit(world);
      await planUntil(
        product,
        { meshId: PAIR, target: BY_GIT },
        'a plan by way of Git',
        ({ changes }) => /^Kept in Git by/.test(changes[0].effect ?? ''),
      );
      state.run = await start(product, { meshId: PAIR, target: BY_GIT });
      const run = await runUntil(
        product,
        state.run.id,
        'the run to wait',
        one => one.state === 'waiting',
      );
      assert.equal(
        stepOf(run, FIRST, 'istiod').message,
        `Set OCIRepository istio-system/istiod: spec.ref.tag from ${BY_FLUX} to ${BY_GIT} in Git; it is kept there by Flux Kustomization flux-system/meshes`,
      );
      assert.equal(await wantedOfFlux(world), BY_FLUX);
    },
  },
  {
    name: 'after the commit it goes on by itself',
    async run(world, state) {
      await commit(world, BY_GIT);
      await playFlux(world, BY_GIT);
      await ends(world.product, state.run!.id, 'succeeded');
      await assertUpgraded(world, state, BY_GIT);
    },
  },
];
