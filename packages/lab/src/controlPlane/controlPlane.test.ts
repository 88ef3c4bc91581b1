import { SECRETS } from '../kubernetes/resources';
import type {
  ConfigMap,
  Deployment,
  Istio,
  Job,
  Pod,
  Secret,
} from '../kubernetes/types';
import { startLab, type Lab } from '../startLab';
import { clientOf, eventually } from '../testing/labClient';
import { decodeRelease } from './helmRelease';

const ISTIO = '/apis/sailoperator.io/v1/istios/default';
const ISTIOD = '/apis/apps/v1/namespaces/istio-system/deployments/istiod';
const INJECTOR =
  '/api/v1/namespaces/istio-system/configmaps/istio-sidecar-injector';
const JOBS = '/apis/batch/v1/namespaces/istio-system/jobs';

describe('control planes', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterEach(() => lab.stop());

  const imageOf = ({ spec }: Deployment) =>
    spec.template.spec.containers[0].image;

  it('follows spec.version of an Istio, healthy all the while', async () => {
    const client = clientOf(lab, 'prod-eu');
    await client.patch(ISTIO, { spec: { version: 'v1.30.3' } });
    const states = new Set<string | undefined>();
    await eventually(
      async () => {
        const { body } = await client.get<Istio>(ISTIO);
        states.add(body.status?.state);
        return {
          istio: body,
          istiod: (await client.get<Deployment>(ISTIOD)).body,
        };
      },
      ({ istio, istiod }) =>
        istio.status?.observedGeneration === 2 &&
        imageOf(istiod) === `127.0.0.1:${lab.port}/istio/pilot:1.30.3` &&
        istiod.status?.updatedReplicas === 2 &&
        istiod.status?.replicas === 2,
    );
    expect([...states]).toEqual(['Healthy']);
    const { body: injector } = await client.get<ConfigMap>(INJECTOR);
    expect(JSON.parse(injector.data!.values)).toMatchObject({
      global: { tag: '1.30.3', meshID: 'shop' },
    });
    // Workloads keep the proxies they have.
    const [pod] = await client.list<Pod>(
      '/api/v1/namespaces/storefront/pods?labelSelector=app=web-frontend',
    );
    expect(JSON.stringify(pod.spec)).toContain('proxyv2:1.29.4');
  });

  it('refuses a version that the operator does not know and reports one past its end of life', async () => {
    const client = clientOf(lab, 'prod-eu');
    const unknown = await client.patch<{ message: string }>(ISTIO, {
      spec: { version: 'v1.99.0' },
    });
    expect(unknown.status).toBe(422);
    expect(unknown.body.message).toMatch(
      /^Istio\.sailoperator\.io "default" is invalid: spec\.version: Unsupported value: "v1\.99\.0": supported values: "v1\.31/,
    );
    const old = await client.patch(ISTIO, { spec: { version: 'v1.27.0' } });
    expect(old.status).toBe(200);
    const { body } = await eventually(
      () => client.get<Istio>(ISTIO),
      answer => answer.body.status?.state === 'ReconcileError',
    );
    expect(body.status?.conditions?.[0].message).toBe(
      'validation error: version "v1.27.0" is end-of-life and cannot be installed; use a supported version',
    );
    const istiod = (await client.get<Deployment>(ISTIOD)).body;
    expect(imageOf(istiod)).toContain('pilot:1.29.4');
  });

  const jobOf = (command: string[]) => ({
    metadata: {
      generateName: 'upgrade-',
      namespace: 'istio-system',
      labels: { 'app.kubernetes.io/managed-by': 'mesh-upgrade' },
    },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: { 'sidecar.istio.io/inject': 'false' } },
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'helm', image: 'helm:4', command }],
        },
      },
    },
  });

  async function runJob(cluster: string, command: string[]) {
    const client = clientOf(lab, cluster);
    const created = await client.request<Job>('POST', JOBS, jobOf(command));
    expect(created.status).toBe(201);
    const { name } = created.body.metadata;
    const job = await eventually(
      async () => (await client.get<Job>(`${JOBS}/${name}`)).body,
      ({ status }) => (status?.conditions?.length ?? 0) > 0,
    );
    const [pod] = await client.list<Pod>(
      `/api/v1/namespaces/istio-system/pods?labelSelector=job-name=${name}`,
    );
    const { body: log } = await client.get<string>(
      `/api/v1/namespaces/istio-system/pods/${pod.metadata.name}/log`,
    );
    return { job, pod, log };
  }

  const helm = (version: string, ...more: string[]) => [
    'helm',
    'upgrade',
    'istiod',
    `oci://127.0.0.1:${lab.port}/charts/istiod`,
    '--version',
    version,
    '--plain-http',
    '--namespace',
    'istio-system',
    '--reset-then-reuse-values',
    '--wait',
    '--timeout',
    '5m',
    ...more,
  ];

  it('is upgraded by a helm Job, which keeps the values of the release', async () => {
    const { job, pod, log } = await runJob('payments', helm('1.31.1'));
    expect(job.status).toMatchObject({ succeeded: 1 });
    expect(pod.status?.phase).toBe('Succeeded');
    expect(log).toContain('Release "istiod" has been upgraded. Happy Helming!');
    const client = clientOf(lab, 'payments');
    const istiod = (await client.get<Deployment>(ISTIOD)).body;
    expect(imageOf(istiod)).toContain('pilot:1.31.1');
    expect(istiod.metadata.labels?.['helm.sh/chart']).toBe('istiod-1.31.1');
    const secrets = await client.list<Secret>(
      '/api/v1/namespaces/istio-system/secrets?labelSelector=owner=helm,name=istiod',
    );
    expect(
      secrets.map(({ metadata }) => [
        metadata.labels!.version,
        metadata.labels!.status,
      ]),
    ).toEqual([
      ['1', 'superseded'],
      ['2', 'superseded'],
      ['3', 'superseded'],
      ['4', 'deployed'],
    ]);
    const release = decodeRelease(secrets[3]);
    expect(release.chart.metadata.version).toBe('1.31.1');
    expect(release.config).toMatchObject({
      pilot: { traceSampling: 5 },
      global: { meshID: 'payments' },
    });
    // An unset tag would have been recorded if the chart's own had been taken for the user's.
    expect(release.config.global?.tag).toBeUndefined();
  });

  it('keeps the image that the values of a release pin, whatever the chart', async () => {
    await runJob('payments', helm('1.30.3', '--set', 'global.tag=1.30.2'));
    await runJob('payments', helm('1.31.1'));
    const istiod = (await clientOf(lab, 'payments').get<Deployment>(ISTIOD))
      .body;
    expect(imageOf(istiod)).toContain('pilot:1.30.2');
  });

  it('stays as it is when the chart does not exist or the rollout fails', async () => {
    const missing = await runJob('payments', helm('9.9.9'));
    expect(missing.job.status?.conditions?.map(({ type }) => type)).toContain(
      'Failed',
    );
    expect(missing.log).toMatch(/^Error: .*charts\/istiod:9\.9\.9: not found/);
    expect(missing.pod.status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 1 } } }],
    });

    lab.knobs.replace({
      clusters: { payments: { neverReady: [{ namePrefix: 'istiod-' }] } },
    });
    const broken = await runJob('payments', [
      'sh',
      '-c',
      helm('1.31.1').join(' ').replace('5m', '10s'),
    ]);
    expect(broken.log).toContain('context deadline exceeded');
    const { store } = lab.world.cluster('payments')!;
    expect(
      store
        .list(SECRETS)
        .filter(({ metadata }) => metadata.name.includes('istiod.v')),
    ).toHaveLength(3);
  });
});
