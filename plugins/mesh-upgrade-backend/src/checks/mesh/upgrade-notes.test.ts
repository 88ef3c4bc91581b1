import { aMesh, lists, meshContext } from '../__testUtils__/fakes';
import type { MinorNotes } from '../notes';
import { upgradeNotes } from './upgrade-notes';

const LINK = { title: 'Notes', url: 'https://istio.io' };
const WORDS = { change: 'It changes.', remedy: 'Mind it.', link: LINK };

const KNOWN: MinorNotes[] = [
  {
    minor: 29,
    notes: [
      {
        ...WORDS,
        id: 'detected',
        title: 'Services matter',
        severity: 'consent',
        detector: {
          reads: ['services'],
          detect: ({ lists: { services } }) =>
            services.map(({ metadata }) => ({
              kind: 'Service',
              name: metadata.name,
            })),
        },
      },
    ],
  },
  {
    minor: 30,
    notes: [{ ...WORDS, id: 'silent', title: 'Who knows', severity: 'info' }],
  },
];

function run(options: {
  version?: string;
  targetVersion: string;
  clusters: Parameters<typeof meshContext>[0]['clusters'];
}) {
  const check = upgradeNotes(KNOWN);
  if (check.scope !== 'mesh') {
    throw new TypeError('expected a check of a whole mesh');
  }
  return check.run(
    meshContext({
      mesh: aMesh({
        clusterNames: Object.keys(options.clusters),
        version: options.version,
      }),
      targetVersion: options.targetVersion,
      clusters: options.clusters,
    }),
  );
}

describe('upgrade-notes', () => {
  it('has nothing to say within a minor', async () => {
    expect(
      await run({
        version: '1.30.1',
        targetVersion: '1.30.3',
        clusters: { 'prod-eu': lists({}) },
      }),
    ).toMatchObject([{ severity: 'passed' }]);
  });

  it('names what is concerned per cluster, over every minor on the way', async () => {
    expect(
      await run({
        version: '1.28.6',
        targetVersion: '1.30.3',
        clusters: {
          'prod-eu': lists({ services: [{ metadata: { name: 'cart' } }] }),
          'prod-us': lists({}),
        },
      }),
    ).toMatchObject([
      {
        severity: 'consent',
        title: '1.29: Services matter',
        cluster: 'prod-eu',
        evidence: {
          observed: 'Concerns Service cart',
          expected: 'It changes.',
        },
        objects: [{ kind: 'Service', name: 'cart' }],
        link: LINK,
      },
      {
        severity: 'info',
        title: '1.30: Who knows',
        evidence: {
          observed: 'Nothing in a cluster tells whether it concerns you',
        },
      },
    ]);
  });

  it('mentions a note that concerns nobody, and says what could not be seen', async () => {
    const clusters = { 'prod-eu': lists({}), 'prod-us': lists({}) };
    expect(
      await run({ version: '1.28.6', targetVersion: '1.29.4', clusters }),
    ).toMatchObject([
      {
        severity: 'info',
        evidence: { observed: 'Nothing found that it concerns' },
      },
    ]);
    expect(
      await run({
        version: '1.28.6',
        targetVersion: '1.29.4',
        clusters: {
          ...clusters,
          'prod-us': {
            list() {
              throw new Error('services is forbidden');
            },
          },
        },
      }),
    ).toMatchObject([
      {
        severity: 'unknown',
        blocks: false,
        cluster: 'prod-us',
        evidence: {
          observed:
            'Whether it matters could not be seen: services is forbidden',
        },
      },
    ]);
  });

  it('takes an unknown start for the minor before, and says which notes it does not have', async () => {
    expect(
      await run({
        targetVersion: '1.30.3',
        clusters: { 'prod-eu': lists({}) },
      }),
    ).toMatchObject([{ title: '1.30: Who knows' }]);
    expect(
      await run({
        version: '1.30.3',
        targetVersion: '1.31.0',
        clusters: { 'prod-eu': lists({}) },
      }),
    ).toMatchObject([
      {
        severity: 'unknown',
        blocks: false,
        title: 'The upgrade notes of Istio 1.31 are not known here',
        link: {
          url: 'https://istio.io/latest/news/releases/1.31.x/announcing-1.31/upgrade-notes/',
        },
      },
    ]);
  });
});
