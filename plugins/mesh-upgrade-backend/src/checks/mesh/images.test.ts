import type { MeshComponentView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient } from '../../clusters/types';
import type { ImageAnswer } from '../../versions/types';
import { aMesh, lists, meshContext } from '../__testUtils__/fakes';
import { commonArchitectures, images } from './images';

const answer = (overrides: Partial<ImageAnswer> = {}): ImageAnswer => ({
  component: 'pilot',
  image: 'hub/pilot:1.30.3',
  state: 'present',
  platforms: ['linux/amd64', 'linux/arm64'],
  labels: {},
  source: 'hub/pilot',
  ...overrides,
});

async function look(options: {
  answers: ImageAnswer[];
  client?: Partial<KubernetesClient>;
}) {
  const ask = jest.fn(async () => options.answers);
  const findings = await images({ versions: { images: ask } }).run(
    meshContext({
      mesh: aMesh({
        clusterNames: ['prod-eu'],
        components: [{ kind: 'ztunnel' } as MeshComponentView],
      }),
      targetVersion: '1.30.3',
      clusters: { 'prod-eu': options.client ?? lists({}) },
    }),
  );
  return { ask, findings };
}

describe('images', () => {
  it('asks for what the mesh is made of, and never says that nodes can pull it', async () => {
    const { ask, findings } = await look({ answers: [answer()] });
    expect(ask).toHaveBeenCalledWith(
      expect.objectContaining({ id: 'shop' }),
      '1.30.3',
      expect.objectContaining({ components: ['pilot', 'proxyv2', 'ztunnel'] }),
    );
    expect(findings).toMatchObject([
      {
        severity: 'passed',
        evidence: {
          observed: 'hub/pilot holds it for linux/amd64, linux/arm64',
        },
      },
      { severity: 'passed', cluster: 'prod-eu' },
      { severity: 'info', title: expect.stringContaining('is not proven') },
    ]);
  });

  it('blocks on an image that is not there, and asks for consent where the registry does not say', async () => {
    const { findings } = await look({
      answers: [
        answer({ state: 'absent', platforms: [], reason: 'MANIFEST_UNKNOWN' }),
        answer({ state: 'unknown', platforms: [], reason: '503 down' }),
      ],
    });
    expect(findings).toMatchObject([
      { severity: 'blocker', evidence: { observed: 'MANIFEST_UNKNOWN' } },
      { severity: 'consent', evidence: { observed: '503 down' } },
      { severity: 'info' },
    ]);
  });

  it('finds nodes that the images are not made for, without listing the others', async () => {
    const list = jest.fn(
      lists({
        nodes: [
          {
            metadata: { name: 'z', labels: { 'kubernetes.io/arch': 's390x' } },
          },
        ],
      }).list,
    );
    const { findings } = await look({
      answers: [answer()],
      client: { list: list as unknown as KubernetesClient['list'] },
    });
    expect(list).toHaveBeenCalledWith(
      expect.objectContaining({ resource: 'nodes' }),
      expect.objectContaining({
        labelSelector:
          'kubernetes.io/os=linux,kubernetes.io/arch notin (amd64,arm64)',
      }),
    );
    expect(findings[1]).toMatchObject({
      severity: 'consent',
      evidence: { observed: 'Nodes of s390x' },
      objects: [{ kind: 'Node', name: 'z' }],
    });
  });

  it('is undecided about nodes that may not be listed, without stopping the upgrade', async () => {
    const { findings } = await look({
      answers: [answer()],
      client: {
        list: () => {
          throw new KubernetesError({
            cluster: 'prod-eu',
            action: 'list nodes',
            status: 403,
            serverMessage: 'nodes is forbidden',
          });
        },
      },
    });
    expect(findings[1]).toMatchObject({
      severity: 'unknown',
      blocks: false,
      evidence: { observed: expect.stringContaining('nodes is forbidden') },
    });
  });

  it('tells that an image is built for hot upgrades', async () => {
    const { findings } = await look({
      answers: [
        answer({ labels: { 'io.github.mesh-upgrade.hot-upgrade': 'v1' } }),
      ],
    });
    expect(findings).toContainEqual(
      expect.objectContaining({
        severity: 'info',
        title: 'hub/pilot:1.30.3 is built for hot upgrades',
      }),
    );
  });

  it('takes only architectures that every image is made for', () => {
    expect(
      commonArchitectures([
        answer(),
        answer({ platforms: ['linux/amd64', 'windows/arm64'] }),
        answer({ platforms: [] }),
      ]),
    ).toEqual(['amd64']);
    expect(commonArchitectures([])).toEqual([]);
  });
});
