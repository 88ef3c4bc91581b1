import { BUILT_IN_MATRIX } from './builtInMatrix';
import { kubernetesRange, kubernetesSupport } from './kubernetesSupport';
import { overrideMatrix } from './overrideMatrix';
import { describeMatrix } from './supportMatrix';
import { supportOf } from './supportOf';

const now = new Date('2026-09-01T00:00:00Z');

describe('overrideMatrix', () => {
  it('changes nothing without a configuration', () => {
    expect(overrideMatrix(BUILT_IN_MATRIX, undefined)).toBe(BUILT_IN_MATRIX);
  });

  it('lays rows over the built-in ones and keeps what they do not say', () => {
    const matrix = overrideMatrix(BUILT_IN_MATRIX, [
      { istio: '1.31', kubernetes: { min: '1.32', max: '1.37' } },
      { istio: '1.28', endOfLife: '2027-01-31' },
      { istio: '1.30', provider: 'gke', endOfLife: '2027-06-30' },
      { istio: '1.99', kubernetes: { min: '1.90', max: '1.95' } },
    ]);
    expect(matrix.problem).toBeUndefined();
    expect(matrix.source).toBe(
      'Istio: supported releases; 4 rows by configuration',
    );
    expect(kubernetesSupport('1.31.0', 'v1.37.2', { matrix })).toBe('ok');
    expect(kubernetesSupport('1.99.0', 'v1.96.2', { matrix })).toBe('tooHigh');
    expect(kubernetesRange('1.28.6', { matrix })).toEqual({
      min: '1.30',
      max: '1.34',
    });
    expect(supportOf('1.28.6', now, { matrix })).toEqual({
      state: 'supported',
      until: '2027-01-31',
      estimated: false,
    });
    const gke = { matrix, providers: ['gke'] };
    expect(supportOf('1.30.3', now, gke).until).toBe('2027-06-30');
    expect(kubernetesRange('1.30.3', gke)).toEqual({
      min: '1.32',
      max: '1.36',
    });
    expect(supportOf('1.30.3', now, { matrix }).until).toBe('2026-11-30');
    // The built-in row of another provider stays.
    expect(kubernetesRange('1.28.6', { matrix, providers: ['aks'] })).toEqual({
      min: '1.30',
      max: '1.35',
    });
  });

  it.each([
    ['often', 'it is not a list'],
    [['1.30'], '[0]: it is not an object'],
    [
      [{ istio: 1.3, endOfLife: '2027-01-31' }],
      "[0]: istio must be a minor in quotes such as '1.30', not 1.3",
    ],
    [
      [{ istio: '1.30', kubernetes: { min: '1.36', max: '1.32' } }],
      '[0]: kubernetes.min 1.36 is above kubernetes.max 1.32',
    ],
    [
      [{ istio: '1.30', kubernetes: { min: 1.32 } }],
      `[0]: kubernetes must have min and max such as '1.32', in quotes, not {"min":1.32}`,
    ],
    [
      [{ istio: '1.30', endOfLife: '2026-02-31' }],
      '[0]: endOfLife must be a day such as 2026-11-30, not "2026-02-31"',
    ],
    [
      [{ istio: '1.30', endOfLife: 'soon' }],
      '[0]: endOfLife must be a day such as 2026-11-30, not "soon"',
    ],
    [
      [{ istio: '1.30', eol: '2026-11-30' }],
      "[0]: 'eol' is not one of istio, provider, kubernetes, endOfLife",
    ],
    [
      [{ istio: '1.30', provider: 7, endOfLife: '2026-11-30' }],
      '[0]: provider must be a name such as aks, not 7',
    ],
    [[{ istio: '1.30' }], '[0]: it says neither kubernetes nor endOfLife'],
  ])(
    'names what is wrong with %j and keeps the built-in data',
    (entries, why) => {
      const matrix = overrideMatrix(BUILT_IN_MATRIX, entries);
      expect(matrix.problem).toBe(
        `supportMatrix of the configuration: ${why}. The built-in data is used instead.`,
      );
      expect(matrix.rows).toEqual(BUILT_IN_MATRIX.rows);
    },
  );

  it('uses the rows beside a wrong one', () => {
    const matrix = overrideMatrix(BUILT_IN_MATRIX, [
      { istio: 'new' },
      { istio: '1.30', endOfLife: '2026-12-31' },
    ]);
    expect(matrix.problem).toContain('[0]: istio must be');
    expect(supportOf('1.30.3', now, { matrix }).until).toBe('2026-12-31');
  });
});

describe('describeMatrix', () => {
  it('calls data stale that is older than a release cycle', () => {
    const matrix = { ...BUILT_IN_MATRIX, readAt: '2026-08-30' };
    const staleOn = (day: string) =>
      describeMatrix(matrix, new Date(day)).stale;
    expect(staleOn('2026-11-29')).toBe(false);
    expect(staleOn('2026-11-29T00:00:01Z')).toBe(true);
    expect(describeMatrix(matrix, now)).toMatchObject({
      source: 'Istio: supported releases',
      readAt: '2026-08-30',
    });
  });
});
