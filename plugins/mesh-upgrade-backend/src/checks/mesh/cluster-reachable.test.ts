import { aMesh, clusterContext, runs } from '../__testUtils__/fakes';
import { clusterReachable } from './cluster-reachable';

const look = (client: Parameters<typeof runs> | 'down') =>
  clusterReachable().run(
    clusterContext('prod-eu', {
      mesh: aMesh({ clusterNames: ['prod-eu'] }),
      clusters: {
        'prod-eu':
          client === 'down'
            ? {
                version: async () => {
                  throw new Error('connect ECONNREFUSED 10.0.0.1:6443');
                },
              }
            : runs(...client),
      },
    }),
  );

describe('cluster-reachable', () => {
  it('passes a cluster that answers', async () => {
    await expect(look(['v1.34.0'])).resolves.toMatchObject([
      { severity: 'passed' },
    ]);
  });

  it('blocks on one that does not, with the reason', async () => {
    await expect(look('down')).resolves.toMatchObject([
      {
        severity: 'blocker',
        evidence: { observed: 'connect ECONNREFUSED 10.0.0.1:6443' },
      },
    ]);
  });
});
