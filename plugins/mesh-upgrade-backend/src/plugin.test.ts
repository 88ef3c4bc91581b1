import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import type { JsonObject } from '@backstage/types';
import { startLab } from '@internal/lab';
import type {
  ClusterView,
  MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import request from 'supertest';
import { meshUpgradePlugin } from './plugin';

async function start(data: JsonObject) {
  const publish = jest.fn(async _signal => {});
  const backend = await startTestBackend({
    features: [
      meshUpgradePlugin,
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({ publish }),
      }),
      catalogServiceMock.factory({ entities: [] }),
      mockServices.rootConfig.factory({ data }),
    ],
  });
  const items = async <T>(path: string): Promise<T[]> => {
    const response = await request(backend.server).get(
      `/api/mesh-upgrade${path}`,
    );
    expect(response.status).toBe(200);
    return response.body.items;
  };
  const announced = () =>
    publish.mock.calls.flatMap(([{ message }]) => message.changed);
  return { stop: () => backend.stop(), items, announced, publish };
}

async function eventually<T>(
  ask: () => Promise<T>,
  fits: (value: T) => boolean,
): Promise<T> {
  const end = Date.now() + 15_000;
  let value = await ask();
  while (!fits(value)) {
    if (Date.now() > end) {
      throw new Error(`Last seen: ${JSON.stringify(value)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 100));
    value = await ask();
  }
  return value;
}

describe('meshUpgradePlugin', () => {
  it.each<[string, JsonObject]>([
    ['no configuration', {}],
    ['an empty section', { meshUpgrade: {} }],
    [
      'sections of a wrong kind',
      {
        meshUpgrade: {
          clusters: 'prod-eu',
          kubeconfig: 7,
          meshes: 'all',
          versions: [],
          upgrades: { helm: { plainHttp: 'perhaps' } },
        },
      },
    ],
    [
      'entries of a wrong kind',
      {
        meshUpgrade: {
          clusters: [{ url: 'https://nameless.example.com' }, 3],
          kubeconfig: [{ file: '/does/not/exist' }, {}],
          meshes: [{ clusters: ['prod-eu'] }],
          versions: {
            repositories: ['not a repository'],
            refreshInterval: 'never',
          },
          upgrades: 'now',
        },
      },
    ],
  ])('starts with %s', async (_, data) => {
    const { items, stop } = await start(data);
    expect(await items('/meshes')).toEqual([]);
    for (const cluster of await items<ClusterView>('/clusters')) {
      expect(cluster.health).toMatchObject({
        state: 'misconfigured',
        reason: expect.any(String),
        remedy: expect.any(String),
      });
    }
    await stop();
  });

  it('shows healthy clusters whole and says what is wrong with the others', async () => {
    const lab = await startLab({ port: 0 });
    const { items, stop } = await start({
      meshUpgrade: {
        clusters: [
          {
            name: 'prod-eu',
            url: `${lab.url}/clusters/prod-eu`,
            token: 'lab-prod-eu',
          },
          {
            name: 'edge',
            url: `${lab.url}/clusters/edge`,
            token: 'expired',
          },
          { name: 'gone', url: 'http://127.0.0.1:1', token: 'any' },
          { name: 'no-credentials', url: 'https://example.com' },
        ],
        versions: { insecureRegistries: [new URL(lab.url).host] },
      },
    });
    try {
      const clusters = await eventually(
        () => items<ClusterView>('/clusters'),
        all =>
          all.length === 4 &&
          all.every(({ health }) => health.state !== 'connecting'),
      );
      expect(
        Object.fromEntries(clusters.map(c => [c.name, c.health.state])),
      ).toEqual({
        'prod-eu': 'healthy',
        edge: 'unauthorized',
        gone: 'unreachable',
        'no-credentials': 'misconfigured',
      });
      const [mesh] = await eventually(
        () => items<MeshView>('/meshes'),
        all => all.length === 1 && all[0].upgrade !== undefined,
      );
      expect(mesh).toMatchObject({
        id: 'shop',
        version: '1.29.4',
        upgrade: { recommended: '1.30.3', newest: '1.31.1' },
      });
      expect(JSON.stringify(clusters)).not.toContain('expired"');
    } finally {
      await stop();
      await lab.stop();
    }
  });

  it('announces that something changed, without a word about what', async () => {
    const lab = await startLab({ port: 0 });
    const { items, stop, announced, publish } = await start({
      meshUpgrade: {
        clusters: [
          {
            name: 'prod-eu',
            url: `${lab.url}/clusters/prod-eu`,
            token: 'lab-prod-eu',
          },
        ],
        versions: { insecureRegistries: [new URL(lab.url).host] },
      },
    });
    try {
      await eventually(
        () => items<MeshView>('/meshes'),
        all => all.length === 1 && all[0].sidecars.total > 0,
      );
      await eventually(
        async () => new Set(announced()),
        kinds => kinds.has('clusters') && kinds.has('inventory'),
      );
      publish.mockClear();
      const response = await fetch(
        `${lab.url}/clusters/prod-eu/apis/apps/v1/namespaces/storefront/deployments/web-frontend`,
        {
          method: 'PATCH',
          headers: {
            authorization: 'Bearer lab-prod-eu',
            'content-type': 'application/merge-patch+json',
          },
          body: JSON.stringify({ spec: { replicas: 7 } }),
        },
      );
      expect(response.status).toBe(200);
      await eventually(
        async () => announced(),
        kinds => kinds.includes('inventory'),
      );
      expect(JSON.stringify(publish.mock.calls)).not.toMatch(
        /prod-eu|storefront|web-frontend/,
      );
    } finally {
      await stop();
      await lab.stop();
    }
  });
});
