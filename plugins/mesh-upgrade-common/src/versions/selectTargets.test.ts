import fc from 'fast-check';
import {
  compareIstioVersions,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';
import type { UpgradeHop } from '../types';
import { BUILT_IN_MATRIX } from './builtInMatrix';
import { kubernetesSupport } from './kubernetesSupport';
import { overrideMatrix } from './overrideMatrix';
import { refuseTarget } from './refuseTarget';
import {
  newestVersion,
  selectTargets,
  type TargetQuestion,
} from './selectTargets';
import { arbitraryTag } from './__testUtils__/arbitraryTag';

const now = new Date('2026-08-30T00:00:00Z');
const TAGS = [
  '1.28.6',
  '1.29.10',
  '1.29.2',
  '1.29.4',
  '1.29.4-debug',
  '1.29.5',
  '1.30.0',
  '1.30.0-rc.1',
  '1.30.3',
  '1.30.3-distroless',
  '1.30.3-mspider',
  '1.31.1',
  '2.0.0',
  'latest',
  'v1.30.3',
];
const shop = {
  current: '1.29.4',
  family: 'native',
  tags: TAGS,
  clusters: [
    { name: 'prod-eu', kubernetesVersion: 'v1.34.2' },
    { name: 'prod-us', kubernetesVersion: 'v1.33.1' },
  ],
  sourcesOf: (tag: string) => [`registry holding ${tag}`],
  now,
};

describe('selectTargets', () => {
  it('offers one minor at a time, newest first, and says why not the rest', () => {
    const { offered, refused } = selectTargets(shop);

    expect(offered.map(target => target.version)).toEqual([
      '1.30.3',
      '1.30.0',
      '1.29.10',
      '1.29.5',
    ]);
    expect(offered[0]).toEqual({
      version: '1.30.3',
      minor: '1.30',
      support: { state: 'supported', until: '2026-11-30', estimated: true },
      kubernetes: { min: '1.32', max: '1.36' },
      recommended: true,
      clusters: [
        { cluster: 'prod-eu', kubernetesVersion: 'v1.34.2', verdict: 'ok' },
        { cluster: 'prod-us', kubernetesVersion: 'v1.33.1', verdict: 'ok' },
      ],
      notesUrl:
        'https://istio.io/latest/news/releases/1.30.x/announcing-1.30.3/',
      sources: ['registry holding 1.30.3'],
    });
    expect(offered.filter(target => target.recommended)).toHaveLength(1);
    expect(refused.map(({ version, code }) => [version, code])).toEqual([
      ['1.30.3-mspider', 'otherFamily'],
      ['2.0.0', 'tooFar'],
      ['1.31.1', 'tooFar'],
      ['1.30.3-distroless', 'variant'],
      ['1.30.0-rc.1', 'preRelease'],
      ['1.29.4', 'same'],
      ['1.29.4-debug', 'variant'],
      ['1.29.2', 'older'],
      ['1.28.6', 'older'],
    ]);
    expect(refused.find(({ version }) => version === '1.31.1')?.reason).toBe(
      '1.31.1 is 2 minors ahead of 1.29.4; an upgrade in place goes one minor at a time, so upgrade to 1.30 before 1.31.',
    );
  });

  it('recommends only what every cluster is known to support', () => {
    const recommended = (
      clusters: { name: string; kubernetesVersion?: string }[],
      current = '1.29.4',
    ) =>
      selectTargets({ ...shop, current, clusters }).offered.find(
        target => target.recommended,
      )?.version;
    const [eu] = shop.clusters;

    expect(
      recommended([eu, { name: 'old', kubernetesVersion: '1.31.0' }]),
    ).toBe('1.29.10');
    expect(recommended([eu, { name: 'silent' }])).toBeUndefined();
    expect(recommended([])).toBeUndefined();
    // 1.31 has no published range: offered, not recommended.
    expect(recommended([eu], '1.30.0')).toBe('1.30.3');
    expect(selectTargets({ ...shop, current: '1.30.3' }).offered).toMatchObject(
      [{ version: '1.31.1', recommended: false }],
    );
  });

  it('recommends a version past its end of life only when there is no other', () => {
    const recommended = (day: string, tags: string[]) =>
      selectTargets({ ...shop, tags, now: new Date(day) }).offered.find(
        target => target.recommended,
      )?.version;
    // 1.28 ended in July, 1.29 will in September.
    expect(recommended('2026-08-30', ['1.29.5', '1.30.3'])).toBe('1.30.3');
    expect(recommended('2026-12-24', ['1.29.5', '1.30.3'])).toBe('1.30.3');

    const ended = { istio: '1.30', endOfLife: '2026-08-01' };
    const matrix = overrideMatrix(BUILT_IN_MATRIX, [ended]);
    const { offered } = selectTargets({ ...shop, matrix });
    expect(offered[0].support.state).toBe('ended');
    expect(offered.find(target => target.recommended)?.version).toBe('1.29.10');
  });

  it('lists pre-releases only on request and recommends none', () => {
    const tags = ['1.29.5', '1.30.0-rc.1'];
    const { offered } = selectTargets({ ...shop, tags, preReleases: true });
    expect(offered).toMatchObject([
      { version: '1.30.0-rc.1', preRelease: true, recommended: false },
      { version: '1.29.5', recommended: true },
    ]);
    expect(offered[0].notesUrl).toBeUndefined();
    expect(refuseTarget('1.30.0-rc.1', { ...shop, tags })).toMatchObject({
      code: 'preRelease',
    });
  });

  it('goes two minors at once by revision', () => {
    const { offered, refused } = selectTargets({
      ...shop,
      strategy: 'revision',
      tags: [...TAGS, '1.32.0'],
    });
    expect(offered[0]).toMatchObject({
      version: '1.31.1',
      recommended: false,
      clusters: [{ verdict: 'unknown' }, { verdict: 'unknown' }],
    });
    expect(refused.find(({ version }) => version === '1.32.0')).toMatchObject({
      code: 'tooFar',
      reason:
        '1.32.0 is 3 minors ahead of 1.29.4; an upgrade by revision goes two minors at a time, so upgrade to a version between them first.',
    });
  });

  it('offers only what the operator of every cluster installs', () => {
    const operators = [
      {
        cluster: 'prod-eu',
        installs: ['1.29.4', '1.29.5', '1.30.0', '1.30.3'],
        retired: ['1.29.10'],
      },
      {
        cluster: 'prod-us',
        installs: ['1.29.5', '1.29.10', '1.30.0'],
        retired: [],
      },
    ];
    const { offered, refused } = selectTargets({ ...shop, operators });
    expect(offered.map(({ version }) => version)).toEqual(['1.30.0', '1.29.5']);
    const byOperator = refused.filter(({ code }) => code === 'operator');
    expect(byOperator.map(({ version, reason }) => [version, reason])).toEqual([
      ['2.0.0', expect.stringContaining('prod-eu')],
      ['1.31.1', expect.stringContaining('prod-eu')],
      [
        '1.30.3',
        'The operator in prod-us does not know 1.30.3; upgrade the operator to one that does.',
      ],
      ['v1.30.3', expect.stringContaining('prod-us')],
      [
        '1.29.10',
        'The operator in prod-eu no longer installs 1.29.10: it is past its end of life.',
      ],
    ]);
  });

  it('plans ways only over what the operator installs', () => {
    const stopsTo = (installs: string[]) =>
      selectTargets({
        ...shop,
        operators: [{ cluster: 'prod-eu', installs, retired: [] }],
      })
        .refused.find(({ version }) => version === '1.31.1')
        ?.hops?.map(({ version }) => version);
    expect(stopsTo(['1.30.0', '1.31.1'])).toEqual(['1.30.0', '1.31.1']);
    expect(stopsTo(['1.31.1'])).toBeUndefined();
  });

  it('never takes a half-upgraded mesh back, and lets it be finished', () => {
    const { offered, refused } = selectTargets({
      ...shop,
      installed: ['1.29.4', '1.30.0'],
    });
    expect(offered.map(target => target.version)).toEqual(['1.30.3', '1.30.0']);
    expect(refused).toContainEqual({
      version: '1.29.10',
      code: 'older',
      reason:
        '1.29.10 is older than 1.30.0, which the mesh runs; there is no way back.',
    });
  });

  it('offers nothing where the start is unclear', () => {
    expect(selectTargets({ ...shop, current: undefined }).offered).toEqual([]);
    expect(selectTargets({ ...shop, current: 'latest' }).offered).toEqual([]);
    expect(
      selectTargets({ ...shop, installed: ['1.29.4', '1.29.4-mspider'] })
        .offered,
    ).toEqual([]);
  });

  it('keeps its promises for any registry', () => {
    const kubernetes = fc.constantFrom(
      'v1.30.1',
      'v1.32.0',
      'v1.35.3',
      'v1.38.0',
      undefined,
    );
    fc.assert(
      fc.property(
        arbitraryTag,
        fc.array(arbitraryTag, { maxLength: 30 }),
        fc.constantFrom('native', 'mspider', 'asm'),
        fc.array(kubernetes, { maxLength: 3 }),
        fc.constantFrom('inPlace' as const, 'revision' as const),
        fc.boolean(),
        (current, tags, family, versions, strategy, preReleases) => {
          const question = {
            current,
            family,
            tags,
            strategy,
            preReleases,
            clusters: versions.map((kubernetesVersion, i) => ({
              name: `c${i}`,
              kubernetesVersion,
            })),
            now,
          };
          const { offered, refused } = selectTargets(question);

          expect(selectTargets(question)).toEqual({ offered, refused });
          const from = parseIstioVersion(current);
          for (const target of offered) {
            const to = parseIstioVersion(target.version) as IstioVersion;
            expect(tags).toContain(target.version);
            expect(to.family).toBe(family);
            expect(to.variant).toBeUndefined();
            expect(preReleases || !to.preRelease).toBe(true);
            expect(compareIstioVersions(to, from!)).toBeGreaterThan(0);
            expect(to.minor - from!.minor).toBeLessThanOrEqual(
              strategy === 'inPlace' ? 1 : 2,
            );
            expect(refuseTarget(target.version, question)).toBeUndefined();
          }
          for (const { version, reason, hops } of refused) {
            expect(refuseTarget(version, question)?.reason).toBe(reason);
            if (hops) {
              expectWay(question, version, hops);
            }
          }
          const recommended = offered.filter(target => target.recommended);
          expect(recommended.length).toBeLessThanOrEqual(1);
          for (const { version } of recommended) {
            expect(parseIstioVersion(version)?.preRelease).toBeUndefined();
            expect(versions.length).toBeGreaterThan(0);
            for (const cluster of versions) {
              expect(kubernetesSupport(version, cluster)).toBe('ok');
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Every stop may be upgraded to from the one before, and the last is the version itself. */
function expectWay(
  question: TargetQuestion,
  version: string,
  hops: UpgradeHop[],
) {
  expect(hops.length).toBeGreaterThan(1);
  expect(hops[hops.length - 1].version).toBe(version);
  let position = question;
  for (const hop of hops) {
    expect(refuseTarget(hop.version, position)).toBeUndefined();
    position = { ...position, current: hop.version, installed: undefined };
  }
}

describe('hops', () => {
  const hopsTo = (version: string, question: Partial<TargetQuestion>) =>
    selectTargets({ ...shop, ...question }).refused.find(
      refusal => refusal.version === version,
    )?.hops;
  const tags = [
    ...['1.27.1', '1.28.6', '1.28.7-debug', '1.29.0-rc.0', '1.29.4'],
    ...['1.30.0', '1.30.3', '1.31.1'],
  ];

  it('are the newest patches of every minor on the way, with what each needs of Kubernetes', () => {
    const clusters = [{ name: 'prod-eu', kubernetesVersion: 'v1.31.2' }];
    expect(hopsTo('1.30.0', { current: '1.27.1', tags, clusters })).toEqual([
      {
        version: '1.28.6',
        minor: '1.28',
        kubernetes: { min: '1.30', max: '1.34' },
        support: { state: 'ended', until: '2026-07-01', estimated: false },
        clusters: [
          { cluster: 'prod-eu', kubernetesVersion: 'v1.31.2', verdict: 'ok' },
        ],
      },
      expect.objectContaining({ version: '1.29.4' }),
      expect.objectContaining({
        version: '1.30.0',
        kubernetes: { min: '1.32', max: '1.36' },
        clusters: [
          {
            cluster: 'prod-eu',
            kubernetesVersion: 'v1.31.2',
            verdict: 'tooLow',
          },
        ],
      }),
    ]);
  });

  it('are fewer by revision, over the stops that the clusters can run', () => {
    const way = (kubernetesVersion: string) =>
      hopsTo('1.30.3', {
        current: '1.27.1',
        tags,
        strategy: 'revision',
        clusters: [{ name: 'prod-eu', kubernetesVersion }],
      })?.map(({ version }) => version);
    expect(way('v1.30.1')).toEqual(['1.28.6', '1.30.3']);
    expect(way('v1.35.1')).toEqual(['1.29.4', '1.30.3']);
  });

  it('are absent where a stop is missing or the major differs', () => {
    expect(hopsTo('1.31.1', { tags: ['1.29.4', '1.31.1'] })).toBeUndefined();
    expect(hopsTo('2.0.0', {})).toBeUndefined();
  });
});

describe('refuseTarget', () => {
  it('refuses what the registry does not hold', () => {
    expect(refuseTarget('1.30.3', shop)).toBeUndefined();
    expect(refuseTarget('1.30.2', shop)).toMatchObject({ code: 'unknown' });
    expect(refuseTarget('1.28.0', shop)).toMatchObject({ code: 'older' });
  });
});

describe('newestVersion', () => {
  it('looks at releases of one family', () => {
    expect(newestVersion(TAGS, 'native')).toBe('2.0.0');
    expect(newestVersion(TAGS, 'mspider')).toBe('1.30.3-mspider');
    expect(newestVersion(['1.31.0-rc.0', 'latest'], 'native')).toBeUndefined();
  });
});
