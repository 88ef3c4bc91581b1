import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  fakeApi,
  FakeSignals,
  fixtures,
  renderPage,
  serverError,
} from '../../__testUtils__';

describe('Meshes', () => {
  it('shows what can be done with each mesh, running upgrades and trouble first', async () => {
    const api = fakeApi({
      listMeshes: async () => [
        fixtures.mesh({ id: 'fine', name: 'Fine', upgrade: undefined }),
        fixtures.mesh(),
        fixtures.mesh({
          id: 'old',
          name: 'Old',
          upgrade: undefined,
          support: { state: 'ended', until: '2020-01-01' },
        }),
        fixtures.mesh({
          id: 'broken',
          name: 'Broken',
          status: 'abnormal',
          reasons: ['istiod 0/1 ready on edge: CrashLoopBackOff'],
        }),
        fixtures.mesh({
          id: 'busy',
          name: 'Busy',
          status: 'upgrading',
          activeRun: fixtures.run({ meshId: 'busy' }),
        }),
      ],
    });
    renderPage(api);
    const cards = await screen.findAllByRole('article');
    expect(cards.map(card => card.getAttribute('aria-label'))).toEqual([
      'Busy',
      'Broken',
      'Old',
      'Shop',
      'Fine',
    ]);
    const [busy, broken, old, shop, fine] = cards.map(card => within(card));
    expect(busy.getByText('Upgrading')).toBeInTheDocument();
    expect(
      busy.getByRole('link', { name: 'Upgrade of busy 1.29.4 → 1.30.3' }),
    ).toHaveAttribute('href', '/mesh-upgrade/runs/run-1');
    expect(busy.getByText('1/3')).toBeInTheDocument();
    expect(busy.queryByText('Upgrade now')).not.toBeInTheDocument();
    expect(
      broken.getByText('istiod 0/1 ready on edge: CrashLoopBackOff'),
    ).toBeInTheDocument();
    expect(old.getByText('No longer supported')).toBeInTheDocument();
    expect(shop.getByText('Istio 1.29.4')).toBeInTheDocument();
    expect(shop.getByText('1.30.3 available').parentElement).toHaveAttribute(
      'title',
      expect.stringContaining('Newest version is 1.30.3 (native version)'),
    );
    expect(shop.getByRole('link', { name: 'Clusters 1/1' })).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop',
    );
    expect(
      shop.getByRole('link', { name: 'Sidecars 41/60 current' }),
    ).toHaveAttribute('href', '/mesh-upgrade/sidecars?mesh=shop&outdated=true');
    expect(
      await shop.findByRole('button', { name: 'Upgrade now' }),
    ).toHaveAttribute('href', '/mesh-upgrade/meshes/shop/upgrade');
    expect(fine.queryByText('Upgrade now')).not.toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: '2 of 5 meshes can be upgraded.' }),
    ).toBeInTheDocument();

    // The state of the view is the address.
    await userEvent.click(screen.getByRole('button', { name: 'Table' }));
    expect(screen.getAllByRole('row')).toHaveLength(6);
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search meshes' }),
      'bro',
    );
    await screen.findByText(/view=table.*q=bro/);
    expect(screen.getAllByRole('row')).toHaveLength(2);
  });

  it('says why a mesh cannot be upgraded from here', async () => {
    const [clusterOfMesh] = fixtures.mesh().clusters;
    renderPage(
      fakeApi({
        listMeshes: async () => [
          fixtures.mesh({ clusters: [{ ...clusterOfMesh, mode: 'read' }] }),
        ],
      }),
    );
    const reason = 'Control planes may not be changed on prod-eu (mode read)';
    expect(await screen.findByLabelText(reason)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Upgrade now' })).toBeDisabled();
    expect(
      screen.getByText('0 of 1 meshes can be upgraded.'),
    ).toBeInTheDocument();
  });

  it('finds those that can be upgraded from here', async () => {
    const api = fakeApi({
      listMeshes: async () => [
        fixtures.mesh(),
        fixtures.mesh({
          id: 'outside',
          name: 'Outside',
          clusters: [{ ...fixtures.mesh().clusters[0], mode: 'read' }],
          components: [
            {
              kind: 'cni',
              cluster: 'prod-eu',
              namespace: 'istio-system',
              name: 'istio-cni-node',
              version: '1.28.6',
              behind: '1.29.4',
              desired: 1,
              ready: 1,
              problems: [],
            },
          ],
        }),
        fixtures.mesh({
          id: 'aks',
          name: 'By hand',
          type: 'external',
          install: { method: 'unknown', evidence: [] },
        }),
        fixtures.mesh({
          id: 'busy',
          name: 'Busy',
          activeRun: fixtures.run({ meshId: 'busy' }),
        }),
      ],
    });
    renderPage(api);
    expect(
      await screen.findByRole('link', {
        name: '1 component older than its control plane',
      }),
    ).toHaveAttribute('href', '/mesh-upgrade/meshes/outside');
    expect(screen.getByText(/ · Installed elsewhere$/)).toBeVisible();
    await userEvent.click(
      screen.getByRole('link', {
        name: '2 of 4 meshes can be upgraded.',
      }),
    );
    await screen.findByText(/state=upgradable/);
    expect(
      screen
        .getAllByRole('article')
        .map(card => card.getAttribute('aria-label')),
    ).toEqual(['By hand', 'Shop']);
  });

  it('names unreachable clusters and keeps showing the rest', async () => {
    renderPage(
      fakeApi({
        listClusters: async () => [
          fixtures.cluster(),
          fixtures.cluster({
            name: 'edge',
            title: 'Edge',
            observedAt: new Date(Date.now() - 8 * 60_000).toISOString(),
            health: {
              state: 'unreachable',
              reason: 'connect ECONNREFUSED 10.0.0.1:6443',
              since: '2026-01-01T00:00:00Z',
            },
          }),
        ],
      }),
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('1 of 2 clusters cannot be read');
    expect(alert).toHaveTextContent('Edge: Unreachable');
    expect(alert).toHaveTextContent(
      'what is shown of it was read 8 minutes ago',
    );
    expect(alert).toHaveTextContent('connect ECONNREFUSED 10.0.0.1:6443');
    expect(screen.getByRole('article', { name: 'Shop' })).toBeInTheDocument();
  });

  it('does not call a mesh up to date when it only knows of nothing newer', async () => {
    renderPage(
      fakeApi({
        listMeshes: async () => [fixtures.mesh({ upgrade: undefined })],
      }),
    );
    expect(
      await screen.findByText('No newer version is known for the mesh.'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/up to date/)).not.toBeInTheDocument();
  });

  it('says that newer versions are not known, and why', async () => {
    renderPage(
      fakeApi({
        listMeshes: async () => [
          fixtures.mesh({
            upgrade: undefined,
            versionsProblem: 'docker.io/istio/pilot answered 429.',
          }),
        ],
      }),
    );
    const shop = within(await screen.findByRole('article', { name: 'Shop' }));
    expect(
      shop.getByText('Whether there is a newer version is not known')
        .parentElement,
    ).toHaveAttribute('title', 'docker.io/istio/pilot answered 429.');
  });

  it('tells whether it is live, how old it is, and when it cannot be refreshed', async () => {
    const signals = new FakeSignals();
    const api = fakeApi();
    renderPage(api, { signals });
    expect(await screen.findByText('just now')).toBeVisible();
    expect(screen.queryByText('Live')).not.toBeInTheDocument();
    await act(async () => signals.announce());
    expect(screen.getByText('Live')).toBeVisible();
    api.listMeshes.mockRejectedValue(
      await serverError(500, 'Error', 'database is locked'),
    );
    await act(async () => signals.announce('versions'));
    expect(await screen.findByText('Not refreshed')).toBeVisible();
    expect(screen.getByRole('article', { name: 'Shop' })).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent(
      /may be out of date.*database is locked/,
    );
  });

  it('invites to connect a cluster when there is none', async () => {
    renderPage(
      fakeApi({ listClusters: async () => [], listMeshes: async () => [] }),
    );
    expect(
      await screen.findByText('No cluster is connected yet'),
    ).toBeInTheDocument();
    expect(await screen.findByText(/meshUpgrade/)).toBeInTheDocument();
  });

  it("gives the server's own words when it refuses or fails", async () => {
    const refused = await serverError(
      403,
      'NotAllowedError',
      "'mesh-upgrade.mesh.read' is not granted",
    );
    const failed = await serverError(500, 'Error', 'database is locked');
    let error = refused;
    const api = fakeApi({
      listMeshes: async () => {
        throw error;
      },
    });
    renderPage(api);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('You may not see or do this');
    expect(alert).toHaveTextContent("'mesh-upgrade.mesh.read' is not granted");
    error = failed;
    await userEvent.click(
      within(alert).getByRole('button', { name: 'Try again' }),
    );
    expect(
      await screen.findByText('The meshes could not be loaded'),
    ).toBeInTheDocument();
    expect(screen.getByRole('alert')).toHaveTextContent('database is locked');
    expect(
      screen.getByRole('button', { name: 'Copy details' }),
    ).toBeInTheDocument();
  });

  it('says so where there is no page', async () => {
    renderPage(fakeApi(), { address: '/upgrades' });
    expect(
      await screen.findByRole('heading', { name: 'There is no such page' }),
    ).toBeInTheDocument();
  });
});
