import { listAll } from '../../clusters/listAll';
import { JOBS, type Job } from '../../kubernetes/types';
import { mesh, toTarget, upgradesOnLab } from '../__testUtils__/upgradesOnLab';
import { istiodVersionOn } from '../__testUtils__/labViews';

jest.setTimeout(120_000);

describe('upgrades by istioctl, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;

  async function begin(options?: Parameters<typeof upgradesOnLab>[0]) {
    world = await upgradesOnLab(options);
  }
  afterEach(() => world.stop());

  it('upgrades with istioctl only with the file that the mesh was installed with', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'istioctl', '1.29.4', ['prod-eu']));
    world.meshes.push(mesh('payments', 'istioctl', '1.30.2', ['payments']));
    await expect(
      world.service.plan(toTarget('shop', '1.30.3')),
    ).rejects.toThrow(
      /loses every setting that its file does not name.*istioctl\.configurations.*istioctl upgrade -f/,
    );
    const target = toTarget('payments', '1.31.1');
    await expect(world.service.plan(target)).rejects.toThrow(
      /has no ConfigMap mesh-upgrade\/istio, key istio\.yaml.*kubectl create configmap istio -n mesh-upgrade/,
    );

    await world.client('payments').create(
      {
        group: '',
        version: 'v1',
        resource: 'configmaps',
        namespace: 'mesh-upgrade',
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio' },
        data: { 'istio.yaml': 'kind: IstioOperator' },
      },
    );
    const { id } = await world.start(target);
    const run = await world.end(id);
    expect(run).toMatchObject({ state: 'succeeded', driver: 'istioctl' });
    expect(await istiodVersionOn(world.client('payments'))).toBe('1.31.1');
    const [job] = await listAll<Job>(world.client('payments'), JOBS, {
      namespace: 'mesh-upgrade',
    });
    expect(job).toMatchObject({
      spec: {
        template: {
          spec: {
            serviceAccountName: 'mesh-upgrade-istioctl',
            volumes: expect.arrayContaining([
              expect.objectContaining({
                configMap: {
                  name: 'istio',
                  items: [{ key: 'istio.yaml', path: 'istio.yaml' }],
                },
              }),
            ]),
            containers: [{ image: 'docker.io/istio/istioctl:1.31.1' }],
          },
        },
      },
    });
  });
});
