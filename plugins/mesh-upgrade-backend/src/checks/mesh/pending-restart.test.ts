import { aMesh, clusterContext } from '../__testUtils__/fakes';
import { judgeRestarts, pendingRestart, type Some } from './pending-restart';

const NONE: Some = { items: [], total: 0 };
const SOME: Some = {
  items: [{ kind: 'Deployment', namespace: 'shop', name: 'cart' }],
  total: 70,
};

describe('pending-restart', () => {
  it('passes when every pod is as a restart would make it', () => {
    expect(
      judgeRestarts({
        cluster: 'prod-eu',
        otherInjection: NONE,
        outdated: NONE,
      }),
    ).toMatchObject([{ severity: 'passed' }]);
  });

  it('warns of pods that are injected otherwise, and mentions old proxies', () => {
    expect(
      judgeRestarts({
        cluster: 'prod-eu',
        otherInjection: SOME,
        outdated: SOME,
      }),
    ).toMatchObject([
      {
        severity: 'warning',
        link: { title: 'IST0103' },
        objects: [{ kind: 'Deployment', namespace: 'shop', name: 'cart' }],
        objectsTotal: 70,
      },
      { severity: 'info', link: { title: 'IST0158' }, objectsTotal: 70 },
    ]);
  });

  it('asks for the workloads of the mesh on this cluster', async () => {
    const workloads = jest.fn(async () => ({ items: [], total: 0 }));
    const check = pendingRestart({ inventory: { workloads } });
    const findings =
      check.scope === 'cluster' &&
      (await check.run(
        clusterContext('prod-eu', {
          mesh: aMesh({ clusterNames: ['prod-eu', 'prod-us'] }),
          clusters: { 'prod-eu': {} },
        }),
      ));
    expect(findings).toMatchObject([{ severity: 'passed' }]);
    expect(workloads.mock.calls).toEqual([
      [
        expect.objectContaining({
          mesh: ['shop'],
          cluster: ['prod-eu'],
          status: ['pendingRestart'],
        }),
      ],
      [
        expect.objectContaining({
          mesh: ['shop'],
          cluster: ['prod-eu'],
          outdated: true,
        }),
      ],
    ]);
  });
});
