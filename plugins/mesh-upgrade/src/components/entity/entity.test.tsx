import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { MESH_ANNOTATION } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { screen, within } from '@testing-library/react';
import type { ReactElement } from 'react';
import { meshUpgradeApiRef, type MeshUpgradeApi } from '../../api';
import { rootRouteRef } from '../../routes';
import { fakeApi, fixtures } from '../../__testUtils__';
import { EntityMeshCard } from './EntityMeshCard';
import { EntityMeshContent } from './EntityMeshContent';
import { EntityMeshIconLink } from './EntityMeshIconLink';
import { EntitySidecarsCard } from './EntitySidecarsCard';
import { EntitySidecarsContent } from './EntitySidecarsContent';
import { isMeshUpgradeAvailable } from './isMeshUpgradeAvailable';

const entity = (kind: string, annotations: object, type = 'service') => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name: 'cart', annotations: { ...annotations } },
  spec: { type },
});

const cart = entity('Component', { 'backstage.io/kubernetes-id': 'cart' });
const shop = entity('Resource', { [MESH_ANNOTATION]: 'shop' }, 'service-mesh');

function renderOn(
  on: ReturnType<typeof entity>,
  element: ReactElement,
  api: MeshUpgradeApi,
) {
  return renderInTestApp(
    <EntityProvider entity={on}>{element}</EntityProvider>,
    {
      mountedRoutes: {
        '/mesh-upgrade': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
      apis: [
        [meshUpgradeApiRef, api],
        [permissionApiRef, mockApis.permission()],
      ],
    },
  );
}

describe('In the catalog', () => {
  it('shows on a component only the workloads it owns', async () => {
    const all = [fixtures.workload('cart'), fixtures.workload('ledger')];
    const api = fakeApi({
      listWorkloads: async ({ owner }) => {
        const items = all.filter(one => !owner || one.owners.includes(owner));
        return { items, total: items.length };
      },
    });
    renderOn(cart, <EntitySidecarsContent />, api);
    const table = await screen.findByRole('table', { name: 'Sidecars' });
    expect(
      await within(table).findByRole('button', { name: 'cart' }),
    ).toBeInTheDocument();
    expect(within(table).queryByText('ledger')).not.toBeInTheDocument();
    expect(api.listWorkloads).not.toHaveBeenCalledWith(
      expect.not.objectContaining({ owner: 'component:default/cart' }),
    );
    expect(
      await screen.findByText(/Your 1 workload runs on 1 cluster/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Sidecar Upgrade' }),
    ).toBeInTheDocument();
  });

  it('sums a component up without calling the unknown healthy', async () => {
    const api = fakeApi();
    const show = (overrides: object) =>
      api.listWorkloads.mockResolvedValue({
        items: [fixtures.workload('cart', overrides)],
        total: 1,
      });
    show({});
    const first = renderOn(cart, <EntitySidecarsCard />, api);
    expect(
      await screen.findByText(/1\.29\.4 → 1\.30\.3 · 3 pods/),
    ).toBeInTheDocument();
    first.unmount();

    show({ outdated: false, versions: [{ version: 'unknown', pods: 3 }] });
    const second = renderOn(cart, <EntitySidecarsCard />, api);
    expect(
      await screen.findByText('The version of 1 workload is unknown'),
    ).toBeInTheDocument();
    second.unmount();

    show({ outdated: false, versions: [{ version: '1.30.3', pods: 3 }] });
    renderOn(cart, <EntitySidecarsCard />, api);
    expect(
      await screen.findByText('The sidecar of 1 workload is up to date'),
    ).toBeInTheDocument();
  });

  it('tells how long the oldest sidecar is still supported', async () => {
    const api = fakeApi({
      listWorkloads: async () => ({
        items: [
          fixtures.workload('cart', {
            versions: [
              { version: '1.29.4', pods: 1 },
              { version: '1.9.1', pods: 2 },
            ],
          }),
        ],
        total: 1,
      }),
    });
    renderOn(cart, <EntitySidecarsCard />, api);
    expect(
      await screen.findByText(/1\.29\.4 \(1\), 1\.9\.1 \(2\)/),
    ).toBeVisible();
    expect(screen.queryByText('1.29.4')).not.toBeInTheDocument();
  });

  it('shows on a resource the whole page of its mesh', async () => {
    const api = fakeApi();
    renderOn(shop, <EntityMeshContent />, api);
    expect(
      await screen.findByRole('table', { name: 'Clusters' }),
    ).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Shop' })).toBeInTheDocument();
  });

  it('marks in the About card that something newer waits', async () => {
    const api = fakeApi();
    const first = renderOn(shop, <EntityMeshIconLink />, api);
    const link = await screen.findByRole('link', { name: /^Mesh 1.29.4\s!$/ });
    expect(link).toHaveAttribute('href', '/mesh-upgrade/meshes/shop');
    expect(link).toHaveAttribute('title', '1.30.3 available');
    first.unmount();

    const second = renderOn(cart, <EntityMeshIconLink />, api);
    expect(
      await screen.findByRole('link', { name: /^Mesh 1.29.4\s!$/ }),
    ).toHaveAttribute('href', '/catalog/default/component/cart/sidecars');
    expect(api.listWorkloads).toHaveBeenLastCalledWith(
      expect.objectContaining({ owner: 'component:default/cart' }),
    );
    second.unmount();

    api.listWorkloads.mockResolvedValue({
      items: [
        fixtures.workload('cart', {
          outdated: false,
          versions: [{ version: '1.30.3', pods: 3 }],
        }),
      ],
      total: 1,
    });
    renderOn(cart, <EntityMeshIconLink />, api);
    expect(
      await screen.findByRole('link', { name: 'Mesh 1.30.3' }),
    ).toBeInTheDocument();
  });

  it('shows on a resource the mesh it stands for', async () => {
    const api = fakeApi();
    renderOn(shop, <EntityMeshCard />, api);
    expect(await screen.findByRole('link', { name: 'Shop' })).toHaveAttribute(
      'href',
      '/mesh-upgrade/meshes/shop',
    );
    expect(api.getMesh).toHaveBeenCalledWith('shop');
    expect(await screen.findByText('Istio 1.29.4')).toBeInTheDocument();
  });

  it.each([
    ['a component with workloads', cart, true],
    ['a mesh', shop, true],
    ['a component without annotations', entity('Component', {}), false],
    [
      'a resource of another type',
      entity('Resource', { [MESH_ANNOTATION]: 'shop' }, 'database'),
      false,
    ],
    ['an API', entity('API', { 'backstage.io/kubernetes-id': 'cart' }), false],
  ])('is available for %s: %#', (_, on, expected) => {
    expect(isMeshUpgradeAvailable(on)).toBe(expected);
  });
});
