import assert from 'node:assert/strict';
import type {
  KubernetesVerdict,
  TargetVersions,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { freePort } from '../../../scripts/lib/ports.mjs';
import { poll } from '../../../scripts/lib/poll.mjs';
import {
  startRegistries,
  type Registries,
} from '../../registries/startRegistries';
import type { Scenario, Step } from '../../Scenario';
import type { World } from '../../World';
import { factsOf } from '../checks/facts';
import { settingsOf, sourceNamesOf, troublesOf } from './settings';

const SEEN_TIMEOUT_MS = 90_000;
/** A Kubernetes newer than any Istio supports. */
const NEWER_KUBERNETES = '1.39.0';

interface State {
  registries: Registries;
}

/** Which versions are on offer, as registries of every kind tell them. */
export const versions: Scenario<State, World> = {
  name: 'versions',
  title: 'Tell which versions a mesh may be upgraded to, whatever the registry',
  fleet: 'checks',
  start: () => ({} as State),
  steps: [
    step(
      'registries with every way to sign in are started',
      async (_, state) => {
        state.registries = await startRegistries();
      },
    ),

    step(
      'each is read: openly, by Basic, by tokens, over TLS with an authority of its own',
      async (world, state) => {
        const { registries } = state;
        await world.product.reconfigure(settingsOf(registries));
        const { sources } = await answered(world, factsOf(world).tidy.meshId);
        const read = sources.filter(({ kind }) => kind === 'registry');
        assert.deepEqual(
          read.map(({ source, error }) => [source, error]),
          sourceNamesOf(registries).map(name => [name, undefined]),
        );
        for (const { tags, ignoredTags, seenAt } of read) {
          assert.deepEqual([tags, ignoredTags], [9, 1]);
          assert(seenAt);
        }
        assert.deepEqual(
          new Set(registries.askedForTokens()),
          new Set([undefined, registries.reader.username]),
        );
      },
    ),

    step('every version says who holds it', async (world, state) => {
      const { offered } = await ask(world, factsOf(world).tidy.meshId);
      const target = offered.find(({ version }) => version === '1.30.3');
      const held = new Set(target?.sources);
      for (const name of sourceNamesOf(state.registries)) {
        assert(held.has(name), `${name} is not among ${[...held]}`);
      }
    }),

    step(
      'what the configuration says of the matrix counts, and what is wrong with it is named',
      async world => {
        const { matrix, offered } = await ask(
          world,
          factsOf(world).tidy.meshId,
          '?strategy=revision',
        );
        assert.match(matrix.problem ?? '', /\[1\]: istio must be a minor/);
        const next = offered.find(({ version }) => version === '1.31.1');
        assert.deepEqual(next?.kubernetes, { min: '1.30', max: '1.38' });
        assert.deepEqual(
          next?.clusters.map(({ verdict }) => verdict),
          ['ok'],
        );
      },
    ),

    step(
      'pre-releases are listed on request and never recommended',
      async world => {
        const { meshId } = factsOf(world).tidy;
        const RC = '1.31.0-rc.0';
        const plain = await ask(world, meshId, '?strategy=revision');
        assert.equal(
          plain.refused.find(({ version }) => version === RC)?.code,
          'preRelease',
        );
        const { offered } = await ask(
          world,
          meshId,
          '?strategy=revision&preReleases=true',
        );
        const found = offered.find(({ version }) => version === RC);
        assert.deepEqual(
          [found?.preRelease, found?.recommended],
          [true, false],
        );
      },
    ),

    step('a version that is too far shows the way', async world => {
      const { refused } = await ask(world, factsOf(world).tooHigh.meshId);
      const far = refused.find(({ version }) => version === '1.31.1');
      assert.equal(far?.code, 'tooFar');
      assert.deepEqual(
        far?.hops?.map(({ version }) => version),
        ['1.30.3', '1.31.1'],
      );
    }),

    step(
      'a Kubernetes that is too old is told per cluster, and the version not recommended',
      async world => {
        const { tooLow } = factsOf(world);
        await verdictOf(world, tooLow, 'tooLow');
      },
    ),

    step('a Kubernetes that is too new, too', async world => {
      const { tooHigh } = factsOf(world);
      await world.faults?.set(tooHigh.cluster, {
        kubernetesVersion: NEWER_KUBERNETES,
      });
      await verdictOf(world, tooHigh, 'tooHigh');
      await world.faults?.clear();
    }),

    step(
      'a registry that has gone keeps what it said, with its age and the reason',
      async (world, state) => {
        const { meshId } = factsOf(world).tidy;
        const name = sourceNamesOf(state.registries)[0];
        const before = (await ask(world, meshId)).sources[0];
        await state.registries.stopOpen();
        const source = await poll(
          async () => {
            const { sources } = await ask(world, meshId);
            return sources.find(one => one.source === name && one.error);
          },
          { timeoutMs: SEEN_TIMEOUT_MS, what: `${name} to be missed` },
        );
        assert.match(source.error ?? '', /ECONNREFUSED/);
        assert.equal(source.tags, before.tags);
        assert(source.seenAt && source.seenAt >= before.seenAt!);
      },
    ),

    step('and so does the next start of the backend', async (world, state) => {
      const { meshId } = factsOf(world).tidy;
      await world.product.kill();
      await world.product.startAgain();
      const { sources } = await answered(world, meshId);
      const name = sourceNamesOf(state.registries)[0];
      const source = sources.find(one => one.source === name);
      assert.deepEqual([source?.tags, Boolean(source?.error)], [9, true]);
    }),

    step(
      'every trouble is told in its own words, and the other sources go on',
      async (world, state) => {
        const gone = `127.0.0.1:${await freePort()}`;
        const { settings, expected } = troublesOf(state.registries, gone);
        await world.product.reconfigure(settings);
        const { meshId } = factsOf(world).tidy;
        const { sources, offered } = await troubled(world, meshId, expected);
        for (const { error } of sources) {
          assert(!error?.includes(state.registries.reader.password));
        }
        assert.deepEqual(
          offered
            .find(({ version }) => version === '1.30.3')
            ?.sources.includes('configuration'),
          true,
        );
        const mesh = await world.product.get('ada', `/meshes/${meshId}`);
        assert.match(
          mesh.versionsProblem,
          /^No source of versions has answered since /,
        );
        await state.registries.stop();
      },
    ),
  ],
};

function step(
  name: string,
  run: Step<State, World>['run'],
): Step<State, World> {
  return { name, run };
}

function ask(
  { product }: World,
  meshId: string,
  query = '',
): Promise<TargetVersions> {
  return product.get('ada', `/meshes/${meshId}/versions${query}`);
}

/** After a start the mesh is there once its clusters were read. */
async function answered(world: World, meshId: string): Promise<TargetVersions> {
  return poll(
    async () => {
      const mesh = await world.product.call('ada', 'GET', `/meshes/${meshId}`);
      return mesh.status === 200 && mesh.body.version
        ? ask(world, meshId)
        : undefined;
    },
    { timeoutMs: SEEN_TIMEOUT_MS, what: `mesh ${meshId} to be seen` },
  );
}

/** What was known before the start is told until a source was asked again. */
async function troubled(
  world: World,
  meshId: string,
  expected: Record<string, RegExp>,
): Promise<TargetVersions> {
  let last: unknown;
  return poll(
    async () => {
      const answer = await answered(world, meshId);
      const errors = new Map(
        answer.sources.map(({ source, error }) => [source, error ?? '']),
      );
      last = [...errors];
      return Object.entries(expected).every(([name, words]) =>
        words.test(errors.get(name) ?? ''),
      )
        ? answer
        : undefined;
    },
    {
      timeoutMs: SEEN_TIMEOUT_MS,
      what: 'every trouble to be told',
      last: () => JSON.stringify(last),
    },
  );
}

async function verdictOf(
  world: World,
  {
    meshId,
    cluster,
    target,
  }: { meshId: string; cluster: string; target: string },
  verdict: KubernetesVerdict,
): Promise<void> {
  let last: unknown;
  const found = await poll(
    async () => {
      const { offered } = await ask(world, meshId);
      const version = offered.find(one => one.version === target);
      last = version?.clusters;
      return version?.clusters.some(
        one => one.cluster === cluster && one.verdict === verdict,
      )
        ? version
        : undefined;
    },
    {
      timeoutMs: SEEN_TIMEOUT_MS,
      what: `${target} to be ${verdict} for ${cluster}`,
      last: () => JSON.stringify(last),
    },
  );
  assert.equal(found.recommended, false);
}
