import { mockServices } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { readRunPolicy } from './readRunPolicy';
import { DEFAULT_POLICY } from './RunPolicy';

const read = (upgrades?: JsonObject) =>
  readRunPolicy(
    mockServices.rootConfig({
      data: upgrades ? { meshUpgrade: { upgrades } } : {},
    }),
  );
const night = { days: ['fri'], from: '22:00', to: '04:00', timeZone: 'UTC' };

describe('readRunPolicy', () => {
  it('lets everything go on at any time where nothing is configured', () => {
    expect(read()).toEqual(DEFAULT_POLICY);
  });

  it('reads every rule beside the settings of installers', () => {
    expect(
      read({
        helm: { image: 'helm:4' },
        windows: [
          { ...night, name: 'nights', meshes: ['shop'], kinds: ['mesh'] },
          { ...night, days: ['Sat', 'sun'], from: '00:00', to: '24:00' },
        ],
        approval: { kinds: ['mesh'], meshes: ['shop'] },
        canaryClusters: ['prod-eu'],
        clustersAtOnce: 2,
        concurrency: 5,
        stepTimeout: '20m',
      }),
    ).toEqual({
      windows: [
        {
          name: 'nights',
          meshes: ['shop'],
          kinds: ['mesh'],
          days: [5],
          from: 22 * 60,
          to: 4 * 60,
          timeZone: 'UTC',
        },
        {
          name: 'window 2',
          days: [6, 7],
          from: 0,
          to: 24 * 60,
          timeZone: 'UTC',
        },
      ],
      approval: { kinds: ['mesh'], meshes: ['shop'] },
      canaryClusters: ['prod-eu'],
      clustersAtOnce: 2,
      concurrency: 5,
      stepTimeoutMs: 20 * 60_000,
    });
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'an unknown day',
      { windows: [{ ...night, days: ['friday'] }] },
      /windows\.0\.days\.0: must be one of mon/,
    ],
    ['no day', { windows: [{ ...night, days: [] }] }, /windows\.0\.days/],
    [
      'an impossible time',
      { windows: [{ ...night, from: '25:00' }] },
      /windows\.0\.from: must be a time/,
    ],
    [
      'an unknown zone',
      { windows: [{ ...night, timeZone: 'Europe/Nowhere' }] },
      /windows\.0\.timeZone: must be an IANA/,
    ],
    [
      'a misspelt limit',
      { windows: [{ ...night, mesh: 'shop' }] },
      /windows\.0.*mesh/,
    ],
    ['windows that are no list', { windows: night }, /upgrades\.windows/],
    [
      'an approval without kinds',
      { approval: { kinds: [] } },
      /approval\.kinds/,
    ],
    ['no cluster at once', { clustersAtOnce: 0 }, /clustersAtOnce/],
    ['a time-out of nothing', { stepTimeout: { seconds: 0 } }, /stepTimeout/],
    ['a time-out in no words', { stepTimeout: 'soon' }, /stepTimeout/],
  ])('takes %s for no permission', (_, upgrades, problem) => {
    expect(read(upgrades).problem).toMatch(problem);
  });
});
