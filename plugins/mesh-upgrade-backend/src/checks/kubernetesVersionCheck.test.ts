import { aMesh, fakeClusters, hang, runs } from './__testUtils__/fakes';
import { kubernetesVersionCheck } from './kubernetesVersionCheck';

const TAGS = ['1.28.6', '1.29.4', '1.29.5', '1.30.0', '1.30.3', '1.31.1'];

function check(options: {
  clusters: Parameters<typeof fakeClusters>[0];
  targetVersion: string;
  clusterNames?: string[];
  signal?: AbortSignal;
  tagsFor?: () => Promise<string[]>;
}) {
  const clusterNames = options.clusterNames ?? Object.keys(options.clusters);
  return kubernetesVersionCheck({
    tagsFor: options.tagsFor ?? (async () => TAGS),
  }).run({
    mesh: aMesh({ clusterNames }),
    targetVersion: options.targetVersion,
    clusters: fakeClusters(options.clusters),
    signal: options.signal ?? new AbortController().signal,
  });
}

describe('kubernetesVersionCheck', () => {
  it('asks every cluster now and says of each what it means', async () => {
    const findings = await check({
      targetVersion: '1.30.3',
      clusters: {
        'prod-eu': runs('v1.34.2'),
        'prod-us': runs('v1.31.9'),
        lab: {
          version: async () => {
            throw new Error('connect ECONNREFUSED');
          },
        },
        broken: { misconfiguration: 'It has no credentials.' },
      },
      clusterNames: ['prod-eu', 'prod-us', 'lab', 'broken', 'gone'],
    });

    expect(findings).toMatchObject([
      {
        check: 'kubernetes-version',
        severity: 'passed',
        cluster: 'prod-eu',
        title: 'prod-eu runs Kubernetes 1.34.2, which Istio 1.30.3 supports',
        evidence: {
          object: 'cluster prod-eu',
          observed: 'Kubernetes 1.34.2',
          expected: 'Kubernetes 1.32 to 1.36 for Istio 1.30.3',
        },
        remedy: '',
      },
      {
        severity: 'blocker',
        cluster: 'prod-us',
        direction: 'tooLow',
        title:
          'prod-us runs Kubernetes 1.31.9, Istio 1.30.3 needs 1.32 or newer',
        remedy:
          'Upgrade the cluster to Kubernetes 1.32 or newer, then Recheck.',
      },
      {
        severity: 'unknown',
        cluster: 'lab',
        evidence: {
          observed: 'Its version could not be read: connect ECONNREFUSED',
        },
      },
      {
        severity: 'unknown',
        cluster: 'broken',
        evidence: { observed: 'It has no credentials.' },
        remedy: 'Correct it.',
      },
      { severity: 'unknown', cluster: 'gone' },
    ]);
  });

  it('names the newer versions that all clusters support', async () => {
    const clusters = { 'prod-eu': runs('v1.36.0'), 'prod-us': runs('v1.33.0') };
    const [eu, us] = await check({ targetVersion: '1.29.5', clusters });
    expect(eu).toMatchObject({
      severity: 'blocker',
      direction: 'tooHigh',
      title: 'prod-eu runs Kubernetes 1.36.0, newer than Istio 1.29.5 supports',
      remedy: 'Choose a newer Istio: 1.30.3, 1.30.0.',
      alternatives: ['1.30.3', '1.30.0'],
    });
    expect(us.severity).toBe('passed');

    const [withOld] = await check({
      targetVersion: '1.29.5',
      clusters: { ...clusters, old: runs('v1.31.0') },
    });
    expect(withOld).toMatchObject({ direction: 'tooHigh', alternatives: [] });
    expect(withOld.remedy).toContain('the registry holds none yet');

    const [silent] = await check({
      targetVersion: '1.29.5',
      clusters,
      tagsFor: async () => {
        throw new Error('registry down');
      },
    });
    expect(silent).toMatchObject({ severity: 'blocker', direction: 'tooHigh' });
    expect(silent.alternatives).toBeUndefined();
    expect(silent.remedy).toContain('the registry did not answer');
  });

  it('does not pass what nobody has published', async () => {
    const findings = await check({
      targetVersion: '1.31.1',
      clusters: { new: runs('v1.36.0'), old: runs('v1.31.0') },
    });
    expect(findings).toMatchObject([
      {
        severity: 'unknown',
        evidence: {
          expected:
            'Kubernetes 1.32 or newer to be installed; what Istio 1.31.1 supports is not published',
        },
      },
      { severity: 'blocker', direction: 'tooLow' },
    ]);
    await expect(
      check({ targetVersion: '1.30.3', clusters: {} }),
    ).resolves.toMatchObject([{ severity: 'unknown' }]);
  });

  it('still tells what the other clusters said when one hangs', async () => {
    const signal = AbortSignal.timeout(20);
    await expect(
      check({
        targetVersion: '1.30.3',
        clusters: { hanging: { version: hang }, fine: runs('v1.34.0') },
        signal,
      }),
    ).resolves.toMatchObject([
      { cluster: 'hanging', severity: 'unknown' },
      { cluster: 'fine', severity: 'passed' },
    ]);
  });
});
