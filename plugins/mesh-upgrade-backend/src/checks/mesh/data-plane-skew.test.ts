import type { MeshComponentView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh, aWorkload, meshContext } from '../__testUtils__/fakes';
import { dataPlaneSkew } from './data-plane-skew';

const gateway = (
  version?: string,
  origin: 'gatewayApi' | 'injected' = 'gatewayApi',
): MeshComponentView => ({
  kind: 'gateway',
  cluster: 'prod-eu',
  namespace: 'ingress',
  name: 'public',
  version,
  desired: 1,
  ready: 1,
  gateway: { origin },
  problems: [],
});

function look(versions: string[], components: MeshComponentView[] = []) {
  const workloads = jest.fn(async () => ({
    items: [aWorkload()],
    total: 70,
  }));
  return dataPlaneSkew({ inventory: { workloads } }).run(
    meshContext({
      mesh: aMesh({
        clusterNames: ['prod-eu'],
        proxyVersions: versions.map(version => ({ version, pods: 3 })),
        components,
      }),
      targetVersion: '1.30.3',
      clusters: { 'prod-eu': {} },
    }),
  );
}

describe('data-plane-skew', () => {
  it.each([
    ['1.30.1', 'passed'],
    ['1.29.4', 'info'],
    ['1.28.6', 'consent'],
    ['1.30.4', 'warning'],
    ['1.31.0', 'blocker'],
    ['unknown', 'unknown'],
  ])('of proxies at %s says %s', async (version, severity) => {
    await expect(look([version])).resolves.toMatchObject([{ severity }]);
  });

  it('passes a mesh without sidecars, and does not stop for images that tell no version', async () => {
    await expect(look([])).resolves.toMatchObject([{ severity: 'passed' }]);
    await expect(look(['unknown'])).resolves.toMatchObject([{ blocks: false }]);
  });

  it('judges gateways too, and names what runs the version', async () => {
    const findings = await look(['1.30.1'], [gateway('1.28.6')]);
    expect(findings).toMatchObject([
      {
        severity: 'consent',
        title: expect.stringMatching(/^Gateways that run 1\.28\.6/),
        objects: [
          { kind: 'Deployment', namespace: 'ingress', name: 'public' },
          { kind: 'Deployment', namespace: 'shop', name: 'cart' },
        ],
        objectsTotal: 71,
      },
    ]);
    // It is one of the seventy workloads.
    await expect(
      look(['1.28.6'], [gateway('1.28.6', 'injected')]),
    ).resolves.toMatchObject([
      {
        title: expect.stringMatching(/^Proxies and gateways that run/),
        objectsTotal: 70,
      },
    ]);
    await expect(look(['1.30.1'], [gateway()])).resolves.toMatchObject([
      { severity: 'unknown' },
    ]);
  });

  it('asks for the same consent however many pods there are', async () => {
    const [three] = await look(['1.28.6']);
    expect(three.evidence.observed).toBe('Proxies run 1.28.6');
  });
});
