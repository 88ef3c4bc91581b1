import { aMesh, clusterContext, hang, runs } from '../__testUtils__/fakes';
import {
  BUILT_IN_MATRIX,
  type SupportMatrix,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { kubernetesVersion } from './kubernetes-version';

const TAGS = ['1.28.6', '1.29.4', '1.29.5', '1.30.0', '1.30.3', '1.31.1'];

async function findingOf(
  cluster: string,
  options: {
    clusters: Parameters<typeof clusterContext>[1]['clusters'];
    targetVersion: string;
    tagsFor?: () => Promise<string[]>;
    matrix?: SupportMatrix;
  },
) {
  const tags = options.tagsFor ?? (async () => TAGS);
  const [finding] = await kubernetesVersion({
    versions: {
      matrix: options.matrix ?? BUILT_IN_MATRIX,
      tagsFor: async () => ({
        tags: await tags(),
        sources: [],
        sourcesOf: () => [],
      }),
    },
  }).run(
    clusterContext(cluster, {
      ...options,
      mesh: aMesh({ clusterNames: Object.keys(options.clusters) }),
    }),
  );
  return finding;
}

describe('kubernetes-version', () => {
  it('asks the cluster now and says what it means', async () => {
    const clusters = { 'prod-eu': runs('v1.34.2'), 'prod-us': runs('v1.31.9') };
    const targetVersion = '1.30.3';
    await expect(
      findingOf('prod-eu', { clusters, targetVersion }),
    ).resolves.toEqual({
      severity: 'passed',
      title: 'prod-eu runs Kubernetes 1.34.2, which Istio 1.30.3 supports',
      evidence: {
        object: 'cluster prod-eu',
        observed: 'Kubernetes 1.34.2',
        expected: 'Kubernetes 1.32 to 1.36 for Istio 1.30.3',
      },
      remedy: '',
    });
    await expect(
      findingOf('prod-us', { clusters, targetVersion }),
    ).resolves.toMatchObject({
      severity: 'blocker',
      direction: 'tooLow',
      title: 'prod-us runs Kubernetes 1.31.9, Istio 1.30.3 needs 1.32 or newer',
      remedy: 'Upgrade the cluster to Kubernetes 1.32 or newer, then Recheck.',
    });
  });

  it('does not decide by a version that cannot be read', async () => {
    await expect(
      findingOf('prod-eu', {
        clusters: { 'prod-eu': runs('main') },
        targetVersion: '1.30.3',
      }),
    ).resolves.toMatchObject({
      severity: 'unknown',
      title: "prod-eu tells a version that cannot be read: 'main'",
    });
  });

  it('names the newer versions that all clusters support', async () => {
    const clusters = { 'prod-eu': runs('v1.36.0'), 'prod-us': runs('v1.33.0') };
    const eu = (more: Record<string, ReturnType<typeof runs>> = {}) =>
      findingOf('prod-eu', {
        targetVersion: '1.29.5',
        clusters: { ...clusters, ...more },
      });
    await expect(eu()).resolves.toMatchObject({
      severity: 'blocker',
      direction: 'tooHigh',
      title: 'prod-eu runs Kubernetes 1.36.0, newer than Istio 1.29.5 supports',
      remedy: 'Choose a newer Istio: 1.30.3, 1.30.0.',
      alternatives: ['1.30.3', '1.30.0'],
    });
    const down = async () => {
      throw new Error('down');
    };
    for (const one of [runs('v1.31.0'), { version: down }]) {
      await expect(eu({ other: one })).resolves.toMatchObject({
        direction: 'tooHigh',
        alternatives: [],
        remedy: expect.stringContaining('the registry holds none yet'),
      });
    }
    await expect(
      findingOf('prod-eu', {
        targetVersion: '1.29.5',
        clusters,
        tagsFor: async () => {
          throw new Error('registry down');
        },
      }),
    ).resolves.toMatchObject({
      severity: 'blocker',
      direction: 'tooHigh',
      alternatives: undefined,
      remedy: expect.stringContaining('the registry did not answer'),
    });
  });

  it('asks for consent where nobody has published a range, above the floor', async () => {
    const clusters = { new: runs('v1.36.0'), old: runs('v1.31.0') };
    const targetVersion = '1.31.1';
    await expect(
      findingOf('new', { clusters, targetVersion }),
    ).resolves.toMatchObject({
      severity: 'consent',
      evidence: {
        expected:
          'Kubernetes 1.32 or newer to be installed; what Istio 1.31.1 supports is not published',
      },
    });
    await expect(
      findingOf('old', { clusters, targetVersion }),
    ).resolves.toMatchObject({ severity: 'blocker', direction: 'tooLow' });
  });

  it('goes by the row of those who offer the Kubernetes', async () => {
    const matrix = {
      ...BUILT_IN_MATRIX,
      rows: [
        ...BUILT_IN_MATRIX.rows,
        {
          istio: '1.30',
          provider: 'gke',
          kubernetes: { min: '1.30', max: '1.31' },
        },
      ],
    };
    const severityOn = async (gitVersion: string) =>
      (
        await findingOf('prod-eu', {
          clusters: { 'prod-eu': runs(gitVersion) },
          targetVersion: '1.30.3',
          matrix,
        })
      ).severity;
    expect(await severityOn('v1.31.4-gke.1200')).toBe('passed');
    expect(await severityOn('v1.31.4')).toBe('blocker');
  });

  it('answers while another cluster hangs', async () => {
    await expect(
      findingOf('fine', {
        targetVersion: '1.30.3',
        clusters: { hanging: { version: hang }, fine: runs('v1.34.0') },
      }),
    ).resolves.toMatchObject({ severity: 'passed' });
  });
});
