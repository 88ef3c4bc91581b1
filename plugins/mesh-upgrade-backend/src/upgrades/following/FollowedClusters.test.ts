import { adminToken, startLab, type Lab } from '@internal/lab';
import { mockServices } from '@backstage/backend-test-utils';
import { DefaultClusterRegistry } from '../../clusters';
import type { KubernetesClient } from '../../clusters/types';
import { SECRETS } from '../../helm/release';
import { DEPLOYMENTS, PODS, type Deployment } from '../../kubernetes/types';
import { clientFor } from '../kubernetes/clientFor';
import { FollowedClusters } from './FollowedClusters';

jest.setTimeout(60_000);

const ISTIOD = { ...DEPLOYMENTS, namespace: 'istio-system', name: 'istiod' };
const ITS_PODS = { namespace: 'istio-system', labelSelector: 'app=istiod' };

describe('FollowedClusters', () => {
  let lab: Lab;
  let direct: KubernetesClient;
  let followed: FollowedClusters;
  let client: KubernetesClient;

  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
    const clusters = await DefaultClusterRegistry.fromConfig(
      mockServices.rootConfig({
        data: {
          meshUpgrade: {
            clusters: [
              {
                name: 'edge',
                url: `${lab.url}/clusters/edge`,
                token: adminToken('edge'),
              },
            ],
          },
        },
      }),
      { logger: mockServices.logger.mock() },
    );
    direct = clientFor(clusters, 'edge');
    followed = new FollowedClusters(clusters);
    client = clientFor(followed, 'edge');
  });
  afterEach(async () => {
    followed.stop();
    await lab.stop();
  });

  const istiod = () => client.get<Deployment>(ISTIOD);
  const annotate = (value: string) =>
    direct.patch(ISTIOD, 'merge', { metadata: { annotations: { value } } });
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };
  const requests = (verb: string, resource: string) =>
    lab.requests.all
      .filter(one => one.verb === verb && one.resource === resource)
      .reduce((sum, { count }) => sum + count, 0);
  const pods = async () => {
    const names: string[] = [];
    for await (const { items } of client.list(PODS, ITS_PODS)) {
      names.push(...items.map(({ metadata }) => metadata.name));
    }
    return names;
  };

  it('answers repeated reads by one watch each, and keeps up with the cluster', async () => {
    await istiod();
    await pods();
    await until(async () => {
      await Promise.all([istiod(), pods()]);
      return (
        requests('watch', 'deployments') === 1 &&
        requests('watch', 'pods') === 1
      );
    });
    lab.requests.reset();
    for (let i = 0; i < 50; i += 1) {
      await istiod();
      await pods();
    }
    expect(lab.requests.all).toEqual([]);

    await annotate('new');
    await until(
      async () => (await istiod()).metadata.annotations?.value === 'new',
    );
    const former = await pods();
    await direct.delete({
      ...PODS,
      namespace: 'istio-system',
      name: former[0],
    });
    await until(async () => {
      const now = await pods();
      return now.length === former.length && !now.includes(former[0]);
    });
    expect(requests('get', 'deployments')).toBe(0);
    expect(requests('list', 'pods')).toBe(0);
  });

  it('asks the API server itself as soon as a watch fails, and tells its words', async () => {
    await until(async () => {
      await istiod();
      return requests('watch', 'deployments') === 1;
    });
    lab.knobs.replace({ clusters: { edge: { unreachable: true } } });
    await until(async () =>
      istiod().then(
        () => false,
        error => /edge.*deployments/i.test(error.message),
      ),
    );
    lab.knobs.replace({});
    await annotate('after');
    expect((await istiod()).metadata.annotations?.value).toBe('after');
  });

  it('does not go on asking a server that ends each watch at once', async () => {
    lab.knobs.replace({ clusters: { edge: { dropWatchesAfterMs: 1 } } });
    const end = performance.now() + 1_000;
    while (performance.now() < end) {
      await istiod();
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(requests('watch', 'deployments')).toBe(1);
  });

  it('keeps no secret', async () => {
    for (let i = 0; i < 5; i += 1) {
      for await (const page of client.list(SECRETS, {
        namespace: 'istio-system',
      })) {
        expect(page.items).toBeDefined();
      }
    }
    expect(requests('list', 'secrets')).toBe(5);
    expect(requests('watch', 'secrets')).toBe(0);
  });

  it('leaves a read of something that is not there to the API server', async () => {
    const absent = { ...ISTIOD, name: 'absent' };
    for (let i = 0; i < 5; i += 1) {
      await expect(client.get(absent)).rejects.toMatchObject({ status: 404 });
    }
  });
});
