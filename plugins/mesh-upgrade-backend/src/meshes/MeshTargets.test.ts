import {
  BUILT_IN_MATRIX,
  overrideMatrix,
  type VersionSourceView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh } from '../checks/__testUtils__/fakes';
import type { InventoriedMesh } from '../inventory/types';
import type { KnownTags, VersionCatalog } from '../versions/types';
import { MeshTargets } from './MeshTargets';

const SOURCE: VersionSourceView = {
  kind: 'registry',
  source: 'docker.io/istio/pilot',
  seenAt: '2026-09-01T10:00:00.000Z',
};
const NOW = new Date('2026-09-01T10:05:00.000Z');

function targetsWith(
  tags: string[],
  known: Partial<KnownTags> & Pick<Partial<VersionCatalog>, 'matrix'> = {},
) {
  const { matrix = BUILT_IN_MATRIX, ...rest } = known;
  const answer: KnownTags = {
    tags,
    sources: [SOURCE],
    sourcesOf: () => [SOURCE.source],
    ...rest,
  };

  const versions: VersionCatalog = {
    matrix,
    tagsFor: async () => answer,
    knownTags: async () => answer,
    refresh: async () => {},
    images: async () => [],
  };
  return { targets: MeshTargets.create({ versions }), answer };
}

function mesh(kubernetesVersion: string, overrides = {}): InventoriedMesh {
  const plain = aMesh({ clusterNames: ['prod-eu'], ...overrides });
  return {
    ...plain,
    clusters: plain.clusters.map(cluster => ({
      ...cluster,
      kubernetesVersion,
    })),
  };
}

describe('MeshTargets', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells the versions, where they are from and how sure the matrix is', async () => {
    const { targets } = targetsWith(['1.30.3', '1.30.0-rc.0', '1.32.0']);
    const answer = await targets.targetsOf(mesh('v1.34.2'));
    expect(answer).toMatchObject({
      current: '1.29.4',
      strategy: 'inPlace',
      offered: [
        {
          version: '1.30.3',
          recommended: true,
          clusters: [{ cluster: 'prod-eu', verdict: 'ok' }],
          sources: [SOURCE.source],
        },
      ],
      sources: [SOURCE],
      matrix: { readAt: '2026-08-30', stale: false },
    });
    const wished = await targets.targetsOf(mesh('v1.34.2'), {
      strategy: 'revision',
      preReleases: true,
    });
    expect(wished.strategy).toBe('revision');
    expect(wished.offered.map(({ version }) => version)).toEqual([
      '1.30.3',
      '1.30.0-rc.0',
    ]);
  });

  it('judges by the configured matrix and the provider that installed Istio', async () => {
    const matrix = overrideMatrix(BUILT_IN_MATRIX, [
      { istio: '1.29', endOfLife: '2026-08-31' },
      'nonsense',
    ]);
    const { targets } = targetsWith(['1.29.5'], { matrix });
    const byHelm = await targets.targetsOf(mesh('v1.36.0'));
    expect(byHelm.offered[0]).toMatchObject({
      support: { state: 'ended' },
      clusters: [{ verdict: 'tooHigh' }],
    });
    expect(byHelm.matrix.problem).toContain('[1]: it is not an object');

    const install = { method: 'aks' as const, evidence: [] };
    const byAks = await targets.targetsOf(mesh('v1.36.0', { install }));
    expect(byAks.offered[0]).toMatchObject({
      kubernetes: { min: '1.31', max: '1.36' },
      support: { state: 'endingSoon', until: '2026-09-30' },
      clusters: [{ verdict: 'ok' }],
    });
  });

  it('marks a mesh for which something newer waits, even several upgrades away', async () => {
    const hint = async (tags: string[], known = {}) =>
      (await targetsWith(tags, known).targets.glance(mesh('v1.34.2'))).upgrade;
    const { seenAt } = SOURCE;
    await expect(hint(['1.30.3', '1.32.0', '1.33.0-rc.0'])).resolves.toEqual({
      newest: '1.32.0',
      recommended: '1.30.3',
      seenAt,
    });
    await expect(hint(['1.31.0-rc.0', '1.29.4', '1.28.6'])).resolves.toBe(
      undefined,
    );
    // The registry may hold what the operator cannot install.
    const operators = [
      { cluster: 'prod-eu', installs: ['1.29.4', '1.29.5'], retired: [] },
    ];
    await expect(
      hint(['1.29.5', '1.30.3', '1.32.0'], { operators }),
    ).resolves.toEqual({ newest: '1.29.5', recommended: '1.29.5', seenAt });
  });

  it('compares thousands of tags only when something changed', async () => {
    const tags = Array.from({ length: 10_000 }, (_, i) => `1.30.${i}`);
    const { targets, answer } = targetsWith(tags);
    const glance = async (seen = mesh('v1.34.2')) =>
      (await targets.glance(seen)).upgrade?.newest;
    await expect(glance()).resolves.toBe('1.30.9999');

    // Neither the source nor the mesh says that anything is new.
    answer.tags = ['1.30.0'];
    await expect(glance()).resolves.toBe('1.30.9999');
    answer.sources = [{ ...SOURCE, seenAt: '2026-09-01T10:10:00.000Z' }];
    await expect(glance()).resolves.toBe('1.30.0');
    await expect(
      glance(mesh('v1.34.2', { version: '1.30.0', versions: ['1.30.0'] })),
    ).resolves.toBeUndefined();
  });

  it.each<[string, Partial<VersionSourceView>[], string | undefined]>([
    ['all is well', [{}], undefined],
    ['one of two fails', [{}, { error: 'DENIED' }], undefined],
    ['only a list is configured', [{ kind: 'static' }], undefined],
    [
      'all fail that answered once',
      [{ error: 'DENIED' }, { error: 'gone', seenAt: undefined }],
      'No source of versions has answered since 2026-09-01T10:00:00.000Z: DENIED · gone',
    ],
    [
      'none ever answered, whatever a list says',
      [{ error: 'DENIED', seenAt: undefined }, { kind: 'static' }],
      'No source of versions has answered: DENIED',
    ],
    [
      'nobody asks any more',
      [{ seenAt: '2026-08-31T10:00:00.000Z' }],
      'The versions are those of 2026-08-31T10:00:00.000Z; the sources have not been asked since.',
    ],
    [
      'there is none',
      [],
      'No source of versions is known: no control plane tells its image hub, and none is configured.',
    ],
  ])('says what is wrong with the sources when %s', async (_, views, words) => {
    const sources = views.map(view => ({ ...SOURCE, ...view }));
    const { targets } = targetsWith(['1.30.3'], { sources });
    const { versionsProblem } = await targets.glance(mesh('v1.34.2'));
    expect(versionsProblem).toBe(words);
  });

  it('lets a named pre-release be chosen and refuses what no source holds', async () => {
    const { targets } = targetsWith(['1.30.0-rc.0']);
    await expect(
      targets.refuse(mesh('v1.34.2'), '1.30.0-rc.0'),
    ).resolves.toBeUndefined();
    await expect(targets.refuse(mesh('v1.34.2'), '1.30.3')).resolves.toBe(
      '1.30.3 is not among the versions that the sources of the mesh hold.',
    );
  });
});
