import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { screen } from '@testing-library/react';
import { meshUpgradeApiRef } from '../../api';
import { fakeApi, fixtures } from '../../__testUtils__';
import { OwnSidecars } from './OwnSidecars';

const component = (name: string, owner: string, annotated = true) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    annotations: annotated ? { 'backstage.io/kubernetes-id': name } : undefined,
  },
  relations: [{ type: 'ownedBy', targetRef: owner }],
});

function renderFor(
  ownershipEntityRefs: string[],
  api: ReturnType<typeof fakeApi>,
) {
  return renderInTestApp(<OwnSidecars />, {
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [
      [meshUpgradeApiRef, api],
      mockApis.identity({ ownershipEntityRefs }),
      [
        catalogApiRef,
        catalogApiMock({
          entities: [
            component('cart', 'group:default/shop'),
            component('web', 'group:default/shop'),
            component('docs', 'group:default/shop', false),
            component('ledger', 'group:default/bank'),
          ],
        }),
      ],
    ],
  });
}

describe('Own sidecars on the home page', () => {
  it('lists the components of the reader that are behind, and no others', async () => {
    const api = fakeApi({
      listWorkloads: async ({ owner }) =>
        owner === 'component:default/cart'
          ? { items: [fixtures.workload('cart')], total: 4 }
          : { items: [], total: 0 },
    });
    renderFor(['user:default/finn', 'group:default/shop'], api);
    expect(
      await screen.findByText('1 of your 2 components runs older sidecars.'),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: '4 workloads' })).toHaveAttribute(
      'href',
      '/catalog/default/component/cart/sidecars',
    );
    expect(
      api.listWorkloads.mock.calls.map(([{ owner, outdated }]) => [
        owner,
        outdated,
      ]),
    ).toEqual([
      ['component:default/cart', true],
      ['component:default/web', true],
    ]);
  });

  it('has one line when there is nothing to do', async () => {
    const api = fakeApi({
      listWorkloads: async () => ({ items: [], total: 0 }),
    });
    const first = renderFor(['group:default/bank'], api);
    expect(
      await screen.findByText(
        'No sidecar of your 1 component is known to be behind',
      ),
    ).toBeVisible();
    first.unmount();
    renderFor(['group:default/nobody'], api);
    expect(
      await screen.findByText(/You own no component whose annotations/),
    ).toBeVisible();
  });
});
