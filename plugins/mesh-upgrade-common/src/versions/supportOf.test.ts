import { supportOf } from './supportOf';

describe('supportOf', () => {
  it.each([
    ['1.28.6', '2026-05-02T00:00:00Z', 'supported'],
    ['1.28.6', '2026-05-03T00:00:01Z', 'endingSoon'],
    ['1.28.6', '2026-07-01T23:59:59Z', 'endingSoon'],
    ['1.28.6', '2026-07-02T00:00:00Z', 'ended'],
  ] as const)('%s on %s is %s', (version, now, state) => {
    expect(supportOf(version, new Date(now))).toEqual({
      state,
      until: '2026-07-01',
      estimated: false,
    });
  });

  it('says when a date is an estimate', () => {
    const now = new Date('2026-07-10T00:00:00Z');
    expect(supportOf('1.30.3', now)).toMatchObject({
      state: 'supported',
      estimated: true,
    });
    expect(supportOf('1.28.6-mspider', now)).toMatchObject({
      state: 'ended',
      estimated: true,
    });
  });

  it.each([[undefined], ['latest'], ['1.99.0'], ['1.30.0-rc.0']])(
    'knows nothing of %s',
    version => {
      expect(supportOf(version, new Date(0))).toEqual({ state: 'unknown' });
    },
  );
});
