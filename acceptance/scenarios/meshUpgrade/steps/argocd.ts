import assert from 'node:assert/strict';
import type {
  MeshView,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import {
  APPLICATION_NAMES,
  applicationOf,
  cniImage,
  commitVersion,
  hardRefresh,
  keepApplicationsInGit,
  wantedOfArgo,
} from '../argoParts';
import {
  clusterOf,
  istiodImage,
  precheck,
  registryOf,
  renderedSettings,
} from '../clusterState';
import { BY_ARGO, NEXT, START, UNPUBLISHED, WITHOUT_CHART } from '../facts';
import { hideChart } from '../hideChart';
import { ends, planUntil, runUntil, start, stepOf } from '../runs';
import type { State } from '../State';
import { assertUpgraded } from './upgraded';

export interface ArgoState extends State {
  /** Puts a chart back that was taken out of the registry. */
  publish?(): Promise<void>;
}

const FIELD = 'spec.source.targetRevision';

/** A control plane of the real Argo CD: failing, patched, and kept in Git. */
export const argoSteps: Step<ArgoState, World>[] = [
  {
    name: 'a control plane of Argo CD is recognised by its marks, and the plan names the Applications',
    async run(world, state) {
      const { product } = world;
      const { changes, driver } = await planUntil(
        product,
        { meshId: BY_ARGO, target: NEXT },
        'a plan by way of Argo CD',
        plan => plan.driver === 'argocd',
      );
      assert.equal(driver, 'argocd');
      assert.deepEqual(
        changes.map(({ object, before, after }) => [object, before, after]),
        APPLICATION_NAMES.map(name => [
          `Application argocd/${name}`,
          `${FIELD}: ${START}`,
          `${FIELD}: ${NEXT}`,
        ]),
      );
      const mesh = await product.get<MeshView>('ada', `/meshes/${BY_ARGO}`);
      const { evidence } = mesh.clusters[0].controlPlanes[0].install;
      assert.match(evidence.join(), /^Argo CD application istiod: /);
      const cluster = clusterOf(world, BY_ARGO);
      state.before.set(BY_ARGO, {
        precheck: await precheck(world, BY_ARGO),
        rendered: await renderedSettings(cluster),
      });
    },
  },
  {
    name: 'a chart that does not exist fails the run in words of Argo CD, and istiod is as before',
    async run(world) {
      const { product } = world;
      const upgrade = { meshId: BY_ARGO, target: WITHOUT_CHART };
      const { id } = await start(product, upgrade);
      const run = await ends(product, id, 'failed');
      assert.match(
        stepOf(run, BY_ARGO, 'base').message,
        /^Application argocd\/istio-base: Argo CD: ComparisonError: .*1\.30\.2.*not found.* stays 1\.30\.2; it was 1\.29\.4$/s,
      );
      assert.equal(stepOf(run, BY_ARGO, 'istiod').state, 'skipped');
      assert.deepEqual(await wantedOfArgo(world), [
        WITHOUT_CHART,
        START,
        START,
      ]);
      const image = await istiodImage(clusterOf(world, BY_ARGO));
      assert(image.endsWith(`:${START}`), image);
    },
  },
  {
    name: 'the versions are changed where nobody keeps them in Git, and the run ends when Argo CD has installed them',
    async run(world, state) {
      const { product } = world;
      const { id } = await start(product, { meshId: BY_ARGO, target: NEXT });
      await ends(product, id, 'succeeded');
      await assertAt(world, state, NEXT);
      const { items } = await product.get('ada', `/runs/${id}/events`);
      const foreign = items.filter(({ message }: { message: string }) =>
        /was changed by/.test(message),
      );
      assert.deepEqual(foreign, [], 'Argo CD was taken for somebody else');
      const { status } = await applicationOf(world, 'istio-base');
      const { phase, operation } = status!.operationState!;
      assert.equal(phase, 'Succeeded');
      assert.equal(operation.initiatedBy?.username, 'mesh-upgrade');
      assert(operation.sync.syncOptions?.includes('ServerSideApply=true'));
    },
  },
  {
    name: 'what a parent Application keeps in Git is waited for, with the words for it',
    async run(world, state) {
      const { product } = world;
      await commitVersion(world, NEXT);
      await keepApplicationsInGit(world);
      const upgrade = { meshId: BY_ARGO, target: UNPUBLISHED };
      const { changes } = await planUntil(
        product,
        upgrade,
        'a plan by way of Git',
        plan =>
          plan.changes.every(({ effect }) =>
            effect.startsWith('Kept in Git by Argo CD application meshes: '),
          ),
      );
      assert.equal(changes.length, APPLICATION_NAMES.length);
      state.run = await start(product, upgrade);
      const run = await runUntil(
        product,
        state.run.id,
        'the run to wait',
        one => one.state === 'waiting',
      );
      assert.equal(
        stepOf(run, BY_ARGO, 'base').message,
        `Set Application argocd/istio-base: ${FIELD} from ${NEXT} to ${UNPUBLISHED} in Git; it is kept there by Argo CD application meshes`,
      );
      assert.deepEqual(await wantedOfArgo(world), [NEXT, NEXT, NEXT]);
    },
  },
  {
    name: 'after the commit a chart that Argo CD cannot fetch is waited for, in its words',
    async run(world, state) {
      const registry = await registryOf(clusterOf(world, BY_ARGO));
      state.publish = await hideChart(`${registry}/charts/istiod`, UNPUBLISHED);
      await commitVersion(world, UNPUBLISHED);
      const run = await runUntil(
        world.product,
        state.run!.id,
        'the run to wait for the chart',
        one => /^Application argocd\/istiod: /.test(waitingFor(one)),
      );
      assert.match(
        waitingFor(run),
        /^Application argocd\/istiod: Argo CD: ComparisonError: .*istiod:1\.31\.1: not found/s,
      );
      assert.equal(stepOf(run, BY_ARGO, 'base').state, 'succeeded');
    },
  },
  {
    name: 'once the chart is there Argo CD installs it, and the run goes on to its end',
    async run(world, state) {
      await state.publish!();
      await hardRefresh(world, 'istiod');
      await ends(world.product, state.run!.id, 'succeeded');
      await assertAt(world, state, UNPUBLISHED);
    },
  },
];

/** All of it is at a version, and Argo CD is told nothing else. */
async function assertAt(
  world: World,
  state: ArgoState,
  version: string,
): Promise<void> {
  await assertUpgraded(world, state, version);
  const image = await cniImage(world);
  assert(image.endsWith(`/install-cni:${version}`), image);
  assert.deepEqual(
    await wantedOfArgo(world),
    APPLICATION_NAMES.map(() => version),
  );
}

/** What istiod's step says while the run waits. */
function waitingFor(run: RunView): string {
  return run.state === 'waiting' ? stepOf(run, BY_ARGO, 'istiod').message : '';
}
