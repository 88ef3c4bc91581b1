import fc from 'fast-check';
import {
  compareIstioVersions,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';
import { kubernetesSupport } from './kubernetesSupport';
import { refuseTarget } from './refuseTarget';
import { newestVersion, selectTargets } from './selectTargets';
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
      ['latest', 'unreadable'],
    ]);
    expect(refused.find(({ version }) => version === '1.31.1')?.reason).toBe(
      '1.31.1 is 2 minors ahead of 1.29.4; an upgrade goes one minor at a time, so upgrade to 1.30 before 1.31.',
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
        (current, tags, family, versions) => {
          const question = {
            current,
            family,
            tags,
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
            expect(to.preRelease ?? to.variant).toBeUndefined();
            expect(compareIstioVersions(to, from!)).toBeGreaterThan(0);
            expect(to.minor - from!.minor).toBeLessThanOrEqual(1);
            expect(refuseTarget(target.version, question)).toBeUndefined();
          }
          for (const { version, reason } of refused) {
            expect(refuseTarget(version, question)?.reason).toBe(reason);
          }
          const recommended = offered.filter(target => target.recommended);
          expect(recommended.length).toBeLessThanOrEqual(1);
          for (const { version } of recommended) {
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
