import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { startLab, type Lab } from '@internal/lab';
import type {
  CheckFinding,
  CheckProgress,
  CheckReport,
  MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  meshUpgradeChecksExtensionPoint,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import request from 'supertest';
import { meshUpgradePlugin } from './plugin';

jest.setTimeout(60_000);

const CLUSTERS = ['prod-eu', 'prod-us'];

/** What an adopter might add: a freeze of changes, and a label that workloads have to have. */
const houseRules = createBackendModule({
  pluginId: 'mesh-upgrade',
  moduleId: 'house-rules',
  register({ registerInit }) {
    registerInit({
      deps: { checks: meshUpgradeChecksExtensionPoint },
      async init({ checks }) {
        checks.addMeshCheck({
          id: 'change-freeze',
          title: 'Change freeze',
          worst: 'blocker',
          scope: 'mesh',
          run: async ({ mesh }) => [
            blocker({
              title: 'A change freeze is on',
              object: `mesh ${mesh.name}`,
              observed: 'frozen',
              expected: 'No freeze',
              remedy: 'Wait.',
            }),
          ],
        });
        checks.addSidecarCheck({
          id: 'namespace-exists',
          title: 'Namespace exists',
          worst: 'blocker',
          run: async ({ workload, list }) => {
            const namespaces = await list({
              group: '',
              version: 'v1',
              resource: 'namespaces',
            });
            const found = namespaces.some(
              ({ metadata }) => metadata.name === workload.namespace,
            );
            return found
              ? [
                  passed({
                    title: 'It exists',
                    object: workload.namespace,
                    observed: 'found',
                    expected: 'found',
                  }),
                ]
              : [];
          },
        });
      },
    });
  },
});

describe('checks in a running backend', () => {
  let lab: Lab;
  let backend: TestBackend;
  let mesh: MeshView;

  beforeAll(async () => {
    lab = await startLab({ port: 0 });
    backend = await startTestBackend({
      features: [
        meshUpgradePlugin,
        houseRules,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({
          data: {
            meshUpgrade: {
              versions: { insecureRegistries: [`127.0.0.1:${lab.port}`] },
              clusters: CLUSTERS.map(name => ({
                name,
                url: `${lab.url}/clusters/${name}`,
                token: `lab-${name}`,
                mode: 'full',
              })),
            },
          },
        }),
      ],
    });
    mesh = await settledMesh();
  });

  afterAll(async () => {
    await backend?.stop();
    await lab?.stop();
  });
  afterEach(() => lab.knobs.replace({}));

  const get = (path: string) =>
    request(backend.server).get(`/api/mesh-upgrade${path}`);
  const check = (body: object) =>
    request(backend.server).post('/api/mesh-upgrade/checks').send(body);

  async function settledMesh(): Promise<MeshView> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const { body } = await get('/meshes');
      const shop = (body.items as MeshView[]).find(({ id }) => id === 'shop');
      if (
        shop?.clusters.length === CLUSTERS.length &&
        shop.clusters.every(({ controlPlanes }) => controlPlanes.length > 0)
      ) {
        return shop;
      }
      expect(Date.now()).toBeLessThan(deadline);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }

  async function checkMesh(): Promise<CheckFinding[]> {
    const { body } = await check({
      kind: 'mesh',
      meshId: mesh.id,
      targetVersion: '1.30.3',
    });
    return (body as CheckReport).findings;
  }

  const worse = (findings: CheckFinding[]) =>
    findings
      .filter(({ severity }) => ['blocker', 'unknown'].includes(severity))
      .map(({ check: id, cluster, severity }) =>
        [id, cluster, severity].filter(Boolean).join(' '),
      );

  it('find nothing wrong with a mesh in good order but what a module adds', async () => {
    expect(worse(await checkMesh())).toEqual(['change-freeze blocker']);
  });

  it('are told line by line, and count with those of modules for workloads too', async () => {
    const { body } = await get('/workloads?mesh=shop&limit=1');
    const live = await check({
      kind: 'sidecars',
      workloads: [body.items[0].id],
    }).set('Accept', 'application/x-ndjson');
    const lines: CheckProgress[] = live.text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: 'planned', workloads: 1 });
    expect(lines.at(-1)).toMatchObject({ type: 'report' });
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'result', check: 'namespace-exists' }),
    );
  });

  it.each([
    [
      'a right that is missing',
      { denyVerbs: [{ verb: 'patch', resource: 'istios' }] },
      'permissions prod-us blocker',
    ],
    [
      'a cluster that does not answer',
      { unreachable: true },
      'cluster-reachable prod-us blocker',
    ],
  ])('look afresh each time, and find %s', async (_, knob, finding) => {
    expect(worse(await checkMesh())).not.toContain(finding);
    lab.knobs.replace({ clusters: { 'prod-us': knob } });
    const found = worse(await checkMesh());
    expect(found).toContain(finding);
    // The other cluster is judged all the same.
    expect(found.filter(each => each.includes('prod-eu'))).toEqual([]);
    lab.knobs.replace({});
    expect(worse(await checkMesh())).not.toContain(finding);
  });
});
