import type { MeshComponentView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh, clusterContext, has } from '../__testUtils__/fakes';
import { cniZtunnelSkew } from './cni-ztunnel-skew';

const component = (
  kind: MeshComponentView['kind'],
  name: string,
): MeshComponentView => ({
  kind,
  cluster: 'prod-eu',
  namespace: 'istio-system',
  name,
  desired: 3,
  ready: 3,
  problems: [],
});

const MESH = aMesh({
  clusterNames: ['prod-eu', 'prod-us'],
  components: [component('cni', 'istio-cni-node')],
});

function look(tag: string, ready = 3) {
  return cniZtunnelSkew().run(
    clusterContext('prod-eu', {
      mesh: MESH,
      targetVersion: '1.30.3',
      clusters: {
        'prod-us': {},
        'prod-eu': has({
          daemonsets: [
            {
              metadata: { name: 'istio-cni-node', namespace: 'istio-system' },
              spec: {
                template: {
                  spec: {
                    containers: [
                      { name: 'other', image: 'other:1.10.0' },
                      { name: 'install-cni', image: `hub/install-cni:${tag}` },
                    ],
                  },
                },
              },
              status: { desiredNumberScheduled: 3, numberReady: ready },
            },
          ],
        }),
      },
    }),
  );
}

describe('cni-ztunnel-skew', () => {
  it.each([
    ['1.30.1', 'passed'],
    ['1.29.4', 'info'],
    ['1.28.6', 'blocker'],
    ['1.31.0', 'blocker'],
    ['latest', 'unknown'],
  ])('of an agent at %s says %s', async (tag, severity) => {
    await expect(look(tag)).resolves.toMatchObject([{ severity }]);
  });

  it('does not stop for an image that tells no version, and warns of nodes that are not ready', async () => {
    await expect(look('latest')).resolves.toMatchObject([{ blocks: false }]);
    await expect(look('1.30.1', 2)).resolves.toMatchObject([
      { severity: 'passed' },
      {
        severity: 'warning',
        evidence: { observed: 'ready on 2 of 3 nodes' },
        remedy: expect.stringContaining(
          'kubectl describe daemonset -n istio-system istio-cni-node',
        ),
      },
    ]);
  });

  it('is asked only where there are agents', () => {
    const applies = (cluster: string) =>
      cniZtunnelSkew().applies?.({
        mesh: MESH,
        targetVersion: '1.30.3',
        cluster: MESH.clusters.find(each => each.cluster === cluster)!,
      });
    expect(applies('prod-eu')).toBe(true);
    expect(applies('prod-us')).toBe(false);
  });
});
