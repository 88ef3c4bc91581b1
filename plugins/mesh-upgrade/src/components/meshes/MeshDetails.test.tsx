import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  fakeApi,
  FakeSignals,
  fixtures,
  renderPage,
  serverError,
} from '../../__testUtils__';

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
          version: '1.28.6',
          behind: '1.29.4',
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
        '1.28.6control plane runs 1.29.4',
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

  it('tells of each cluster where its control plane is and how old what is shown of it is', async () => {
    const [cluster] = fixtures.mesh().clusters;
    renderPage(
      fakeApi({
        listClusters: async () => [
          fixtures.cluster({ observedAt: new Date().toISOString() }),
        ],
        getMesh: async () =>
          fixtures.mesh({
            clusters: [
              cluster,
              {
                ...cluster,
                cluster: 'edge',
                role: 'remote',
                controlPlanes: [],
                health: {
                  state: 'unreachable',
                  reason: 'connect ECONNREFUSED',
                  since: '2026-01-01T00:00:00Z',
                },
              },
            ],
          }),
      }),
      { address: '/meshes/shop' },
    );
    await waitFor(async () =>
      expect(await cellsOf('Clusters')).toEqual([
        [
          'prod-eu',
          'Control plane here',
          'Healthy',
          'just now',
          '1.34.2',
          'Upgrading control planes',
        ],
        [
          'edge',
          'Served by another cluster',
          'Unreachableconnect ECONNREFUSED',
          'unknown',
          '1.34.2',
          'Upgrading control planes',
        ],
      ]),
    );
  });

  it('names who installed each control plane where they differ, and the Helm release', async () => {
    const [cluster] = fixtures.mesh().clusters;
    const [plane] = cluster.controlPlanes;
    renderPage(
      fakeApi({
        getMesh: async () =>
          fixtures.mesh({
            clusters: [
              {
                ...cluster,
                controlPlanes: [
                  plane,
                  {
                    ...plane,
                    name: 'istiod-canary',
                    install: {
                      method: 'helm',
                      evidence: ['Label app.kubernetes.io/managed-by=Helm'],
                      release: {
                        namespace: 'istio-system',
                        name: 'istiod-canary',
                        revision: 3,
                        chart: 'istiod',
                        chartVersion: '1.30.3',
                        pinned: ['pilot.tag=1.30.2'],
                      },
                    },
                  },
                ],
              },
            ],
          }),
      }),
      { address: '/meshes/shop' },
    );
    const section = within(
      await screen.findByRole('region', { name: 'Installation' }),
    );
    for (const text of [
      'prod-eu istio-system/istiod: Sail operator',
      'prod-eu istio-system/istiod-canary: Helm',
      'Label app.kubernetes.io/managed-by=Helm',
      'Helm release istio-system/istiod-canary, revision 3, chart istiod 1.30.3',
      'Values that fix the image: pilot.tag=1.30.2',
    ]) {
      expect(section.getByText(text)).toBeInTheDocument();
    }
  });

  it('has its sidecars and its upgrades on tabs that the address knows', async () => {
    const api = fakeApi();
    renderPage(api, { address: '/meshes/shop' });
    const tabs = within(
      await screen.findByRole('tablist', { name: 'Views of Shop' }),
    );
    await userEvent.click(
      tabs.getByRole('tab', { name: 'Sidecars (3 behind)' }),
    );
    expect(
      await screen.findByRole('table', { name: 'Sidecars' }),
    ).toBeInTheDocument();
    expect(api.listWorkloads).toHaveBeenLastCalledWith(
      expect.objectContaining({ mesh: ['shop'] }),
    );
    expect(screen.getByLabelText('address')).toHaveTextContent(
      '/mesh-upgrade/meshes/shop?tab=sidecars',
    );
    await userEvent.click(
      await screen.findByRole('checkbox', { name: 'Behind only' }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('address')).toHaveTextContent(
        'tab=sidecars&outdated=true',
      ),
    );
    await userEvent.click(tabs.getByRole('tab', { name: 'Upgrades' }));
    expect(await screen.findByText('No upgrade yet')).toBeInTheDocument();
    expect(api.listRuns).toHaveBeenCalledWith(
      expect.objectContaining({ mesh: 'shop' }),
    );
  });

  it('keeps what it knows while it cannot be refreshed, and says so', async () => {
    const signals = new FakeSignals();
    const api = fakeApi();
    renderPage(api, { address: '/meshes/shop', signals });
    expect(
      await screen.findByRole('table', { name: 'Clusters' }),
    ).toBeInTheDocument();
    await act(async () => signals.announce());
    api.getMesh.mockRejectedValue(
      await serverError(503, 'ServiceUnavailableError', 'going down'),
    );
    await act(async () => signals.announce('inventory'));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /The mesh could not be refreshed.*going down/,
    );
    expect(screen.getByRole('table', { name: 'Clusters' })).toBeInTheDocument();
  });
});
