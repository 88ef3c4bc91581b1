import { providersOf } from './providersOf';
import { releaseNotesUrl } from './releaseNotes';

describe('providersOf', () => {
  it.each([
    [{ kubernetesVersion: 'v1.33.4-gke.1200' }, ['gke']],
    [{ kubernetesVersion: 'v1.32.9-eks-113cf36' }, ['eks']],
    [{ kubernetesVersion: 'v1.33.4+k3s1' }, ['k3s']],
    [{ kubernetesVersion: 'v1.33.4+rke2r1' }, ['rke2']],
    [{ kubernetesVersion: 'v1.33.4' }, []],
    [{ kubernetesVersion: 'v1.33.4', installMethod: 'aks' }, ['aks']],
    [{ installMethod: 'helm' }, []],
    [
      { kubernetesVersion: 'v1.33.4-gke.1', installMethod: 'kyma' },
      ['kyma', 'gke'],
    ],
    [{}, []],
  ] as const)('%j: %j', (seen, providers) => {
    expect(providersOf(seen)).toEqual(providers);
  });
});

describe('releaseNotesUrl', () => {
  it.each([
    ['1.30.0', '1.30.x/announcing-1.30/'],
    ['1.30.3', '1.30.x/announcing-1.30.3/'],
  ])('of %s ends in %s', (version, end) => {
    expect(releaseNotesUrl(version)).toBe(
      `https://istio.io/latest/news/releases/${end}`,
    );
  });

  it.each(['1.31.0-rc.0', '1.30.3-mspider', 'latest'])(
    'is not guessed for %s',
    version => {
      expect(releaseNotesUrl(version)).toBeUndefined();
    },
  );
});
