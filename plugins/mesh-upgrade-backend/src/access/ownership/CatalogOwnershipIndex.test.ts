import type { Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { CatalogOwnershipIndex } from './CatalogOwnershipIndex';

function entity(
  name: string,
  annotations: Record<string, string>,
  kind = 'Component',
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default', annotations },
  };
}

const ID = 'backstage.io/kubernetes-id';

const CART = {
  cluster: 'prod-eu',
  namespace: 'checkout',
  kind: 'Deployment',
  name: 'cart',
  labels: { [ID]: 'cart', app: 'cart' },
};

function createIndex(entities: Entity[], intervalMs?: number) {
  const catalog = catalogServiceMock({ entities });
  const logger = mockServices.logger.mock();
  const index = CatalogOwnershipIndex.create({
    catalog,
    auth: mockServices.auth(),
    logger,
    intervalMs,
  });
  return { index, catalog, logger };
}

describe('CatalogOwnershipIndex', () => {
  it('finds every entity that selects a workload, sorted', async () => {
    const { index } = createIndex([
      entity('orders', { [ID]: 'orders' }),
      entity('shop', {
        'backstage.io/kubernetes-label-selector': 'app in (cart, web)',
      }),
      entity('cart', { [ID]: 'cart' }),
      entity(
        'cart-api',
        { 'mesh-upgrade.io/workloads': '*/checkout/Deployment/cart' },
        'API',
      ),
      entity('cart-system', { [ID]: 'cart' }, 'System'),
      entity('unrelated', {}),
    ]);
    expect(index.ownersOf(CART)).toEqual([]);
    await index.refresh();
    expect(index.ownersOf(CART)).toEqual([
      'api:default/cart-api',
      'component:default/cart',
      'component:default/shop',
    ]);
    expect(index.ownersOf({ ...CART, name: 'other', labels: {} })).toEqual([]);
  });

  it('tells a change once, and nobody who has left', async () => {
    const { index } = createIndex([entity('cart', { [ID]: 'cart' })]);
    const listener = jest.fn();
    const gone = jest.fn();
    index.onChange(listener);
    index.onChange(gone)();
    await index.refresh();
    await index.refresh();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(gone).not.toHaveBeenCalled();
  });

  it('keeps the last answer while the catalog is down and says so once', async () => {
    const { index, catalog, logger } = createIndex([
      entity('cart', { [ID]: 'cart' }),
    ]);
    await index.refresh();
    const read = jest
      .spyOn(catalog, 'streamEntities')
      .mockImplementation(() => {
        throw new Error('catalog is down');
      });
    await index.refresh();
    await index.refresh();
    expect(index.ownersOf(CART)).toEqual(['component:default/cart']);
    expect(logger.warn).toHaveBeenCalledTimes(1);

    read.mockRestore();
    await index.refresh();
    expect(index.ownersOf(CART)).toEqual(['component:default/cart']);
  });

  it('follows the catalog until it is stopped', async () => {
    const { index, catalog } = createIndex([], 5);
    const read = jest.spyOn(catalog, 'streamEntities');
    index.start();
    while (read.mock.calls.length < 3) {
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    await index.stop();
    const { length } = read.mock.calls;
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(read.mock.calls).toHaveLength(length);
  });
});
