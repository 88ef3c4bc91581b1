import fc from 'fast-check';
import {
  compareIstioVersions,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';
import { arbitraryTag } from './__testUtils__/arbitraryTag';

function parse(tag: string): IstioVersion {
  const version = parseIstioVersion(tag);
  if (!version) {
    throw new Error(`${tag} should be readable`);
  }
  return version;
}

const readableTag = arbitraryTag.filter(tag => !!parseIstioVersion(tag));

describe('parseIstioVersion', () => {
  it.each([
    ['1.30.3', { minor: 30, patch: 3, family: 'native' }],
    ['v1.30.3', { minor: 30, patch: 3, family: 'native' }],
    ['1.30.3-distroless', { family: 'native', variant: 'distroless' }],
    ['1.30.3-debug', { family: 'native', variant: 'debug' }],
    ['1.30.3-mspider', { family: 'mspider' }],
    ['1.30.3-mspider-distroless', { family: 'mspider', variant: 'distroless' }],
    ['1.17.1-Mspider', { family: 'mspider' }],
    ['1.31.0-rc.0', { family: 'native', preRelease: 'rc.0' }],
    ['1.31.0-rc.0-mspider', { family: 'mspider', preRelease: 'rc.0' }],
    ['1.28-alpha.0af3', { minor: 28, patch: 0, preRelease: 'alpha.0af3' }],
    ['1.20.3-asm.4', { family: 'asm', build: '4' }],
    ['1.18.2-tetrate-v1', { family: 'tetrate', build: '1' }],
    ['1.18.2-solo-fips', { family: 'solo-fips' }],
  ])('reads %s', (tag, expected) => {
    expect(parseIstioVersion(tag)).toMatchObject({
      raw: tag,
      major: 1,
      variant: undefined,
      preRelease: undefined,
      build: undefined,
      ...expected,
    });
  });

  it.each([
    ['latest'],
    [''],
    ['1.28'],
    ['1.28-mspider'],
    ['1.30.3-1'],
    ['1.30.3_1'],
    ['1.30.3@sha256:00'],
    ['1.30.99999999999999999999'],
    ['-1.30.3'],
  ])('does not take %p for a version', tag => {
    expect(parseIstioVersion(tag)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), arbitraryTag), tag => {
        const version = parseIstioVersion(tag);
        expect(version === undefined || version.raw === tag).toBe(true);
      }),
    );
  });
});

describe('compareIstioVersions', () => {
  it('sorts as people do, not as registries do', () => {
    const sorted = [
      '1.9.0',
      '1.28.0-alpha.0123',
      '1.28.0-alpha.99',
      '1.28.0-rc.2',
      '1.28.0-rc.10',
      '1.28.0',
      '1.28.2',
      '1.28.10',
      '1.30.0',
    ];
    const shuffled = [...sorted].sort().map(parse);
    // All-digit identifiers compare as numbers, whatever zeros they begin with.
    expect(shuffled.sort(compareIstioVersions).map(v => v.raw)).toEqual([
      '1.9.0',
      '1.28.0-alpha.99',
      '1.28.0-alpha.0123',
      ...sorted.slice(3),
    ]);
  });

  it('orders builds of a vendor and ignores variants', () => {
    expect(
      compareIstioVersions(parse('1.20.3-asm.4'), parse('1.20.3-asm.10')),
    ).toBeLessThan(0);
    expect(
      compareIstioVersions(parse('1.20.3'), parse('v1.20.3-distroless')),
    ).toBe(0);
  });

  it('refuses to compare families', () => {
    expect(() =>
      compareIstioVersions(parse('1.30.3'), parse('1.29.0-mspider')),
    ).toThrow('1.30.3 and 1.29.0-mspider');
  });

  it('is a total order within a family', () => {
    fc.assert(
      fc.property(readableTag, readableTag, readableTag, (x, y, z) => {
        const family = 'native';
        const [a, b, c] = [x, y, z].map(tag => ({ ...parse(tag), family }));
        const sign = (l: IstioVersion, r: IstioVersion) =>
          Math.sign(compareIstioVersions(l, r));

        expect(sign(a, a)).toBe(0);
        expect(sign(a, b) + sign(b, a)).toBe(0);
        const [first, second, third] = [a, b, c].sort(compareIstioVersions);
        expect(sign(first, second)).toBeLessThanOrEqual(0);
        expect(sign(second, third)).toBeLessThanOrEqual(0);
        expect(sign(first, third)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});
