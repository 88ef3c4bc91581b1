import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { JsonObject } from '@backstage/types';
import { startLab } from '@internal/lab';
import type { Lab } from '@internal/lab';
import type { ClusterView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeClustersExtensionPoint } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import request from 'supertest';
import { meshUpgradePlugin } from './plugin';

jest.setTimeout(60_000);

describe('clusters from elsewhere than our own configuration', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await startLab({ port: 0 });
  });

  afterEach(() => lab.stop());

  /** Clusters and their state when none is connecting any more. */
  async function clustersOf(
    data: JsonObject,
    modules: ReturnType<typeof createBackendModule>[] = [],
  ) {
    const backend = await startTestBackend({
      features: [
        meshUpgradePlugin,
        ...modules,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({ data }),
      ],
    });
    try {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const { body } = await request(backend.server).get(
          '/api/mesh-upgrade/clusters',
        );
        const clusters: ClusterView[] = body.items;
        const { body: meshes } = await request(backend.server).get(
          '/api/mesh-upgrade/meshes',
        );
        if (
          clusters.length > 0 &&
          clusters.every(({ health }) => health.state !== 'connecting') &&
          meshes.items.length > 0
        ) {
          return clusters.map(({ name, mode, health }) => [
            name,
            mode,
            health.state,
          ]);
        }
        expect(Date.now()).toBeLessThan(deadline);
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    } finally {
      await backend.stop();
    }
  }

  const addressOf = (name: string) => ({
    name,
    url: `${lab.url}/clusters/${name}`,
  });

  it('are those of the kubernetes plugin, which are only looked at', async () => {
    const clusters = await clustersOf({
      kubernetes: {
        serviceLocatorMethod: { type: 'multiTenant' },
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: [
              {
                ...addressOf('prod-eu'),
                authProvider: 'serviceAccount',
                serviceAccountToken: 'lab-prod-eu',
              },
            ],
          },
        ],
      },
    });
    expect(clusters).toEqual([['prod-eu', 'read', 'healthy']]);
  });

  it('are those that a module adds, beside our own', async () => {
    const module = createBackendModule({
      pluginId: 'mesh-upgrade',
      moduleId: 'cloud',
      register({ registerInit }) {
        registerInit({
          deps: { clusters: meshUpgradeClustersExtensionPoint },
          async init({ clusters }) {
            clusters.addClusters('cloud', async () => [
              { ...addressOf('edge'), token: 'lab-edge', mode: 'restart' },
            ]);
          },
        });
      },
    });
    const clusters = await clustersOf(
      {
        meshUpgrade: {
          clusters: [{ ...addressOf('prod-eu'), token: 'lab-prod-eu' }],
        },
      },
      [module],
    );
    expect(clusters).toEqual([
      ['edge', 'restart', 'healthy'],
      ['prod-eu', 'read', 'healthy'],
    ]);
  });
});
