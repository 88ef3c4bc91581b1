import { mockServices } from '@backstage/backend-test-utils';
import { readClusters } from './readClusters';
import { ClusterSupplierCollection } from './suppliedClusters';

const config = mockServices.rootConfig({
  data: {
    meshUpgrade: {
      clusters: [
        { name: 'own', url: 'https://own.example.com', token: 'sesame' },
      ],
    },
  },
});

describe('clusters that modules add', () => {
  it('join the configured ones; a supplier that fails hides no other', async () => {
    const collection = new ClusterSupplierCollection();
    collection.addClusters('cloud', async () => [
      { name: 'cloud-1', url: 'https://c1.example.com', token: 'open' },
    ]);
    collection.addClusters('broken', async () => {
      throw new Error('quota exceeded');
    });
    const entries = await readClusters(config, collection.suppliers);
    expect(entries.map(({ name }) => name)).toEqual([
      'own',
      'cloud-1',
      'broken',
    ]);
    expect(entries[2]).toMatchObject({
      misconfiguration: expect.stringContaining('quota exceeded'),
    });
  });

  it('cannot be added twice under one name', () => {
    const collection = new ClusterSupplierCollection();
    collection.addClusters('cloud', async () => []);
    expect(() => collection.addClusters('cloud', async () => [])).toThrow(
      "'cloud'",
    );
  });
});
