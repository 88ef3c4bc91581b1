import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  MockPermissionApi,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { meshUpgradeApiRef } from './api';
import {
  EntityMeshCard,
  EntitySidecarsCard,
  EntitySidecarsContent,
  MeshUpgradePage,
  meshUpgradePlugin,
} from './legacy';
import { fakeApi } from './testUtils';

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'cart',
    annotations: { 'mesh-upgrade.io/mesh': 'shop' },
  },
};

describe('The legacy entry', () => {
  it('shows the page and the entity components in an app of the former system', async () => {
    await renderInTestApp(
      <TestApiProvider
        apis={[
          [meshUpgradeApiRef, fakeApi()],
          [permissionApiRef, new MockPermissionApi()],
        ]}
      >
        <MeshUpgradePage />
        <EntityProvider entity={cart}>
          <EntityMeshCard />
          <EntitySidecarsCard />
          <EntitySidecarsContent />
        </EntityProvider>
      </TestApiProvider>,
      {
        mountedRoutes: {
          '/mesh-upgrade': meshUpgradePlugin.routes.root,
          '/catalog/:namespace/:kind/:name': entityRouteRef,
        },
      },
    );
    expect(
      await screen.findByRole('heading', { name: 'Mesh Upgrade' }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('article', { name: 'Shop' }),
    ).toBeInTheDocument();
    expect(await screen.findByText('Mesh')).toBeInTheDocument();
    expect(
      await screen.findByText('2 run an older sidecar, please upgrade them.'),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('table', { name: 'Sidecars' }),
    ).toBeInTheDocument();
  });

  it('provides the client to the app', () => {
    expect([...meshUpgradePlugin.getApis()].map(({ api }) => api.id)).toEqual([
      'plugin.mesh-upgrade.api',
    ]);
  });
});
