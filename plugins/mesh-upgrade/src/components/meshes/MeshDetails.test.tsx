import { screen, within } from '@testing-library/react';
import { fakeApi, fixtures, renderPage } from '../../__testUtils__';

const at = { cluster: 'prod-eu', namespace: 'istio-system' };

/** The texts of a table's cells, row by row and without the head. */
async function cellsOf(name: string) {
  const table = await screen.findByRole('table', { name });
  const [, ...rows] = within(table).getAllByRole('row');
  return rows.map(row =>
    within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  );
}

describe('A mesh', () => {
  it('shows its components, its revisions and tags with their users, and the census of versions', async () => {
    const mesh = fixtures.mesh({
      components: [
        {
          ...at,
          kind: 'istiod',
          name: 'istiod',
          version: '1.29.4',
          desired: 2,
          ready: 2,
          problems: [],
        },
        {
          ...at,
          kind: 'ztunnel',
          name: 'ztunnel',
          image: 'mirror.example/ztunnel@sha256:1f',
          desired: 5,
          ready: 4,
          problems: ['4 of 5 are ready', 'The image tells no version'],
        },
        {
          ...at,
          kind: 'gateway',
          name: 'ingress',
          version: '1.29.4',
          desired: 0,
          ready: 0,
          gateway: { origin: 'injected' },
          problems: [],
        },
        {
          ...at,
          kind: 'waypoint',
          name: 'waypoint',
          version: '1.29.4',
          desired: 1,
          ready: 1,
          gateway: { origin: 'gatewayApi', class: 'istio-waypoint' },
          problems: [],
        },
      ],
      revisions: [
        {
          cluster: 'prod-eu',
          revision: 'default',
          isDefault: true,
          tags: ['prod'],
          version: '1.29.4',
          injects: '1.29.4',
          namespaces: 1,
          workloads: 4,
        },
        {
          cluster: 'prod-eu',
          revision: 'canary',
          isDefault: false,
          tags: [],
          version: '1.30.3',
          injects: '1.30.2',
          namespaces: 0,
          workloads: 0,
          note: 'Canary: runs 1.30.3 beside revision default with 1.29.4',
        },
      ],
      tags: [
        {
          cluster: 'prod-eu',
          tag: 'lost',
          revision: 'gone',
          namespaces: 2,
          workloads: 1,
          problem: 'It points to revision gone, of which no istiod runs',
        },
        {
          cluster: 'prod-eu',
          tag: 'prod',
          revision: 'default',
          version: '1.29.4',
          namespaces: 3,
          workloads: 9,
        },
      ],
      proxyVersions: [
        { version: '1.28.1', pods: 1 },
        { version: '1.29.4', pods: 41 },
        { version: 'unknown', pods: 2 },
      ],
    });
    renderPage(fakeApi({ getMesh: async () => mesh }), {
      address: '/meshes/shop',
    });

    expect(await cellsOf('Components')).toEqual([
      [
        'istio-system/istiodControl plane · revision default · Sail operator',
        'prod-eu',
        '1.29.4',
        '2/2',
        '–',
      ],
      [
        'istio-system/ztunnelztunnel',
        'prod-eu',
        'mirror.example/ztunnel@sha256:1f',
        '4/5',
        '4 of 5 are ready; The image tells no version',
      ],
      [
        'istio-system/ingressGateway · upgraded by a restart',
        'prod-eu',
        '1.29.4',
        '0/0',
        '–',
      ],
      [
        'istio-system/waypointWaypoint · istio-waypoint · redeployed by istiod',
        'prod-eu',
        '1.29.4',
        '1/1',
        '–',
      ],
    ]);
    // A tag follows its revision; one that points nowhere is not lost.
    expect(await cellsOf('Revisions and tags')).toEqual([
      [
        'defaultDefault of the cluster',
        'prod-eu',
        '1.29.4',
        '1 namespace · 4 workloads',
        '–',
      ],
      [
        'prodTag of default',
        'prod-eu',
        '1.29.4',
        '3 namespaces · 9 workloads',
        '–',
      ],
      [
        'canary',
        'prod-eu',
        '1.30.3injects 1.30.2',
        'Nobody',
        'Canary: runs 1.30.3 beside revision default with 1.29.4',
      ],
      [
        'lostTag of gone',
        'prod-eu',
        'unknown',
        '2 namespaces · 1 workload',
        'It points to revision gone, of which no istiod runs',
      ],
    ]);
    const bar = screen.getByRole('img', {
      name: 'Pods per sidecar version: 1.28.1: 1 pod, 1.29.4: 41 pods, unknown: 2 pods',
    });
    expect(
      Array.from(bar.children, part => (part as HTMLElement).style.flexGrow),
    ).toEqual(['1', '41', '2']);
    expect(screen.getByRole('link', { name: '1.28.1: 1 pod' })).toHaveAttribute(
      'href',
      '/mesh-upgrade/sidecars?mesh=shop&version=1.28.1',
    );
  });

  it('leaves out what there is nothing to say about', async () => {
    renderPage(fakeApi(), { address: '/meshes/shop' });
    expect(
      await screen.findByRole('table', { name: 'Clusters' }),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('table', { name: 'Revisions and tags' }),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByRole('img', { name: /Pods per sidecar version/ }),
    ).not.toBeInTheDocument();
  });
});
