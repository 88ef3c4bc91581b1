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
import userEvent from '@testing-library/user-event';
import { FlatRoutes } from '@backstage/core-app-api';
import { Route } from 'react-router-dom';
import { meshUpgradeApiRef } from './api';
import {
  EntityMeshCard,
  EntityMeshContent,
  EntityMeshIconLink,
  EntitySidecarsCard,
  EntitySidecarsContent,
  MeshUpgradePage,
  meshUpgradePlugin,
} from './legacy';
import { fakeApi } from './__testUtils__';

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'cart',
    annotations: { 'mesh-upgrade.io/mesh': 'shop' },
  },
};

function render(address: string) {
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [meshUpgradeApiRef, fakeApi()],
        [permissionApiRef, new MockPermissionApi()],
      ]}
    >
      <FlatRoutes>
        <Route path="/mesh-upgrade" element={<MeshUpgradePage />} />
        <Route
          path="/cart"
          element={
            <EntityProvider entity={cart}>
              <EntityMeshCard />
              <EntityMeshContent />
              <EntityMeshIconLink />
              <EntitySidecarsCard />
              <EntitySidecarsContent />
            </EntityProvider>
          }
        />
      </FlatRoutes>
    </TestApiProvider>,
    {
      routeEntries: [address],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
}

describe('The legacy entry', () => {
  it('shows the page with its own header, and its screens below', async () => {
    await render('/mesh-upgrade');
    expect(
      await screen.findByRole('heading', { name: 'Mesh Upgrade' }),
    ).toBeInTheDocument();
    await userEvent.click(await screen.findByRole('link', { name: 'Shop' }));
    expect(
      await screen.findByRole('table', { name: 'Components' }),
    ).toBeInTheDocument();
  });

  it('shows the components on an entity', async () => {
    await render('/cart');
    expect(await screen.findByRole('link', { name: 'Shop' })).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop',
    );
    expect(
      await screen.findByRole('link', { name: /^Mesh 1.29.4\s!$/ }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('table', { name: 'Clusters' }),
    ).toBeInTheDocument();
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
