import type { Lab } from '@internal/lab';
import type {
  MeshComponentView,
  RunView,
  StartRunRequest,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { gunzipSync, gzipSync } from 'node:zlib';
import { listAll } from '../clusters/listAll';
import { SECRETS, type Secret } from '../helm/release';
import { istiodVersion } from './actuators/controlPlane';
import { nodeAgentVersion } from './actuators/nodeAgent';
import { livePodsOf, proxyOf } from '../kubernetes/pods';
import {
  DAEMON_SETS,
  DEPLOYMENTS,
  ISTIOS,
  JOBS,
  type DaemonSet,
  type Deployment,
  type Job,
} from '../kubernetes/types';
import {
  ADA,
  mesh,
  PASSED,
  toTarget,
  upgradesOnLab,
  workload,
} from './__testUtils__/upgradesOnLab';

jest.setTimeout(120_000);

function nodeAgent(
  kind: 'cni' | 'ztunnel',
  cluster: string,
  place: string,
): MeshComponentView {
  const [namespace, name] = place.split('/');
  return { kind, cluster, namespace, name, desired: 1, ready: 1, problems: [] };
}

/** A release as helm remembers it. */
function releaseSecret(options: {
  name: string;
  chart: string;
  version: string;
}) {
  const { name, chart, version } = options;
  const packed = gzipSync(
    JSON.stringify({
      name,
      namespace: 'istio-system',
      version: 1,
      info: { status: 'deployed' },
      chart: { metadata: { name: chart, version } },
      config: {},
    }),
  ).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: {
      name: `sh.helm.release.v1.${name}.v1`,
      labels: { owner: 'helm', name, status: 'deployed', version: '1' },
    },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}

function cniDaemonSet(name: string, image: string) {
  const labels = { 'k8s-app': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        'meta.helm.sh/release-name': 'istio-cni',
        'meta.helm.sh/release-namespace': 'istio-system',
      },
    },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'install-cni', image }] },
      },
    },
  };
}

const SEARCH = 'prod-eu/storefront/Deployment/search';
const WEB = 'prod-eu/storefront/Deployment/web-frontend';
const CATALOG = 'prod-eu/storefront/Deployment/product-catalog';

/** What proves the upgrade of one control plane of a cluster. */
const PROOFS = [
  'istiod',
  'istiod: injection',
  'istiod: validation',
  'istiod: proxies',
  'Validators and revision tags',
  'Sidecars and gateways',
];

/** The steps that write, without those that only look. */
function changingSteps({ steps }: RunView): RunView['steps'] {
  return steps.filter(
    ({ phase, title }) => phase === 'upgrade' && !title.includes(': '),
  );
}

describe('upgrades on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;
  let lab: Lab;

  async function begin(options?: Parameters<typeof upgradesOnLab>[0]) {
    world = await upgradesOnLab(options);
    lab = world.lab;
  }
  afterEach(() => world.stop());

  async function istiod(cluster: string): Promise<Deployment> {
    return world.client(cluster).get<Deployment>({
      ...DEPLOYMENTS,
      namespace: 'istio-system',
      name: 'istiod',
    });
  }

  async function proxies(cluster: string, namespace: string, name: string) {
    const client = world.client(cluster);
    const deployment = await client.get<Deployment>({
      ...DEPLOYMENTS,
      namespace,
      name,
    });
    const pods = await livePodsOf(client, deployment, {});
    return pods.map(pod => proxyOf(pod)?.version);
  }

  it('upgrades a mesh of two clusters through Sail, one after the other, and proves it', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu', 'prod-us']));
    const plan = await world.service.plan(toTarget('shop', '1.30.3'));
    expect(plan.changes).toEqual([
      expect.objectContaining({
        cluster: 'prod-eu',
        object: 'Istio default',
        before: 'spec.version v1.29.4',
        after: 'spec.version v1.30.3',
      }),
      expect.objectContaining({ cluster: 'prod-us' }),
    ]);
    const [{ yaml }] = plan.changes;
    expect(yaml?.before).toContain('\n  version: v1.29.4\n');
    expect(yaml?.after).toBe(yaml?.before?.replace('v1.29.4', 'v1.30.3'));
    expect(yaml?.before).not.toMatch(/resourceVersion|status:/);
    // An unchanged world gives the same plan, also after dry runs of it.
    expect((await world.service.plan(toTarget('shop', '1.30.3'))).hash).toBe(
      plan.hash,
    );
    expect(plan.steps?.map(s => `${s.phase} ${s.title}`)).toContain(
      'healthCheck istiod: validation',
    );
    const started = await world.start(toTarget('shop', '1.30.3'));
    expect(started.steps.map(s => `${s.cluster} ${s.title}`)).toEqual([
      'prod-eu istiod: connected proxies before',
      'prod-eu istiod',
      'prod-us istiod: connected proxies before',
      'prod-us istiod',
      ...PROOFS.map(title => `prod-eu ${title}`),
      ...PROOFS.map(title => `prod-us ${title}`),
    ]);
    await expect(world.start(toTarget('shop', '1.30.3'))).rejects.toMatchObject(
      { name: 'ConflictError', runId: started.id },
    );

    const run = await world.end(started.id);
    expect(run).toMatchObject({
      state: 'succeeded',
      driver: 'sail',
      progress: { done: 16, total: 16 },
    });
    expect(run.message).toBeUndefined();
    for (const cluster of ['prod-eu', 'prod-us']) {
      expect(istiodVersion(await istiod(cluster))).toBe('1.30.3');
    }
    const [, eu, , us] = run.steps;
    const proofs = new Map(
      run.steps
        .filter(s => s.cluster === 'prod-eu' && s.phase === 'healthCheck')
        .map(s => [s.title, s.message]),
    );
    expect(Date.parse(us.startedAt!)).toBeGreaterThanOrEqual(
      Date.parse(eu.endedAt!),
    );
    expect(proofs.get('istiod: injection')).toContain('proxyv2:1.30.3');
    expect(proofs.get('istiod: validation')).toMatch(
      /^rev\.validation\.istio\.io accepts a sound Gateway and refuses a faulty one: configuration is invalid/,
    );
    expect(proofs.get('istiod: proxies')).toMatch(
      /^([1-9]\d*) proxies are connected, \1 were before; 0 of 0 pushes failed in \d+ s \(1\.2/,
    );
    expect(proofs.get('Validators and revision tags')).toMatch(
      /^istio-validator-istio-system: each leads to an istiod that is Ready/,
    );
    expect(
      world.writes.map(w => `${w.step.cluster} ${w.action} ${w.outcome}`),
    ).toEqual([
      'prod-eu sail-istio initiated',
      'prod-eu sail-istio succeeded',
      'prod-us sail-istio initiated',
      'prod-us sail-istio succeeded',
    ]);
    await expect(
      world.service.plan(toTarget('shop', '1.30.3')),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('upgrades CNI and ztunnel after the control plane, each by the object that keeps it', async () => {
    await begin();
    world.meshes.push({
      ...mesh('shop', 'sail', '1.29.4', ['prod-us']),
      components: [
        nodeAgent('ztunnel', 'prod-us', 'ztunnel/ztunnel'),
        nodeAgent('cni', 'prod-us', 'istio-cni/istio-cni-node'),
      ],
    });
    const { id } = await world.start(toTarget('shop', '1.30.3'));
    const run = await world.end(id);
    expect(run.state).toBe('succeeded');
    expect(changingSteps(run).map(({ title }) => title)).toEqual([
      'istiod',
      'istio-cni-node',
      'ztunnel',
    ]);
    for (const [namespace, name] of [
      ['istio-cni', 'istio-cni-node'],
      ['ztunnel', 'ztunnel'],
    ]) {
      const daemonSet = await world
        .client('prod-us')
        .get<DaemonSet>({ ...DAEMON_SETS, namespace, name });
      expect(nodeAgentVersion(daemonSet)).toBe('1.30.3');
    }
    expect(changingSteps(run)[1].message).toMatch(
      /^DaemonSet istio-cni\/istio-cni-node runs 1\.30\.3 on (\d+) of \1 nodes$/,
    );
  });

  it('upgrades a CNI of Helm by its own release, and leaves one alone that only a person can roll', async () => {
    await begin();
    const name = 'istio-cni-node';
    const namespace = 'istio-system';
    const client = world.client('payments');
    await client.create(
      { ...SECRETS, namespace },
      releaseSecret({ name: 'istio-cni', chart: 'cni', version: '1.30.2' }),
    );
    await client.create(
      { ...DAEMON_SETS, namespace },
      cniDaemonSet(name, `127.0.0.1:${lab.port}/istio/install-cni:1.30.2`),
    );
    world.meshes.push({
      ...mesh('payments', 'helm', '1.30.2', ['payments']),
      components: [nodeAgent('cni', 'payments', `${namespace}/${name}`)],
    });
    const onDelete = (type: string) =>
      client.patch({ ...DAEMON_SETS, namespace, name }, 'merge', {
        spec: { updateStrategy: { type } },
      });
    await onDelete('OnDelete');
    expect(
      (await world.service.plan(toTarget('payments', '1.31.1'))).skipped,
    ).toEqual([
      {
        workload: `payments/${namespace}/DaemonSet/${name}`,
        reason: expect.stringMatching(/OnDelete/),
      },
    ]);
    await onDelete('RollingUpdate');
    const labels = (flux: string | null) =>
      client.patch({ ...DAEMON_SETS, namespace, name }, 'merge', {
        metadata: { labels: { 'helm.toolkit.fluxcd.io/name': flux } },
      });
    await labels('istio-cni');
    expect(
      (await world.service.plan(toTarget('payments', '1.31.1'))).skipped,
    ).toMatchObject([{ reason: expect.stringMatching(/where Flux reads it/) }]);
    await labels(null);
    const { id } = await world.start(toTarget('payments', '1.31.1'));
    const run = await world.end(id);
    expect(run.message).toBeUndefined();
    expect(changingSteps(run).map(({ title }) => title)).toEqual([
      'base',
      'istiod',
      name,
    ]);
    expect(
      nodeAgentVersion(
        await client.get<DaemonSet>({ ...DAEMON_SETS, namespace, name }),
      ),
    ).toBe('1.31.1');
  });

  it('fails with the words of the API server when it may not write, and touches nothing else', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu', 'prod-us']));
    lab.knobs.replace({
      clusters: {
        'prod-eu': { denyVerbs: [{ verb: 'patch', resource: 'istios' }] },
      },
    });
    const { id } = await world.start(toTarget('shop', '1.30.3'));
    const run = await world.end(id);
    expect(run.state).toBe('failed');
    expect(run.message).toMatch(/prod-eu.*istios.*forbidden/i);
    expect(changingSteps(run).map(s => s.state)).toEqual(['failed', 'skipped']);
    expect(istiodVersion(await istiod('prod-us'))).toBe('1.29.4');
  });

  it('succeeds without the rights that only proofs need, and says what is not proven', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu', 'prod-us']));
    const metrics = { verb: 'get', resource: 'pods/proxy' };
    const gateways = { verb: 'create', resource: 'gateways' };
    lab.knobs.replace({
      clusters: {
        'prod-eu': { denyVerbs: [metrics] },
        'prod-us': { denyVerbs: [gateways] },
      },
    });
    const { id } = await world.start(toTarget('shop', '1.30.3'));
    const run = await world.end(id);
    expect(run.state).toBe('succeeded');
    const told = run.steps.filter(s => s.state === 'skipped');
    expect(told.map(s => `${s.cluster} ${s.title}`)).toEqual([
      'prod-eu istiod: proxies',
      'prod-us istiod: validation',
    ]);
    expect(told[0].message).toContain('deploy/istiod-version.yaml');
    expect(told[1].message).toContain('deploy/full.yaml');
    expect(run.message).toMatch(/^Not proven: prod-eu, istiod: proxies: /);
  });

  it('waits out a failing API server and then goes on', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu']));
    const { hash } = await world.service.plan(toTarget('shop', '1.30.3'));
    const request = { ...toTarget('shop', '1.30.3'), planHash: hash };
    const { id } = await world.service.start(request as StartRunRequest, ADA);
    lab.knobs.replace({ clusters: { 'prod-eu': { unreachable: true } } });
    const waiting = await world.until(id, run => run.message !== undefined);
    expect(waiting).toMatchObject({ state: 'running' });
    expect(waiting.message).toMatch(/Waiting to try again: .*prod-eu/);
    lab.knobs.replace({});
    expect(await world.end(id)).toMatchObject({ state: 'succeeded' });
  });

  it('upgrades a Helm installation by Jobs, base before istiod, and keeps their logs', async () => {
    await begin();
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const { id } = await world.start(toTarget('payments', '1.31.1'));
    const run = await world.end(id);
    expect(run).toMatchObject({ state: 'succeeded', driver: 'helm' });
    expect(changingSteps(run).map(s => s.title)).toEqual(['base', 'istiod']);
    expect(istiodVersion(await istiod('payments'))).toBe('1.31.1');
    const events = await world.service.events(id, { limit: 500 });
    const happy = events.filter(e => e.message.includes('Happy Helming'));
    expect(happy.map(e => [e.stepId, e.output])).toEqual(
      changingSteps(run).map(({ id: step }) => [step, true]),
    );
  });

  it('moves a tag that the values of a release pin, and says so before', async () => {
    await begin();
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const client = world.client('payments');
    const secrets = await listAll<Secret>(client, SECRETS, {
      namespace: 'istio-system',
      labelSelector: 'owner=helm,name=istiod,status=deployed',
    });
    const [{ metadata, data }] = secrets;
    const release = JSON.parse(
      gunzipSync(
        Buffer.from(Buffer.from(data!.release, 'base64').toString(), 'base64'),
      ).toString(),
    );
    release.config.global = { ...release.config.global, tag: '1.30.2' };
    const packed = gzipSync(JSON.stringify(release)).toString('base64');
    await client.patch(
      { ...SECRETS, namespace: metadata.namespace, name: metadata.name },
      'merge',
      { data: { release: Buffer.from(packed).toString('base64') } },
    );

    const plan = await world.service.plan(toTarget('payments', '1.31.1'));
    expect(plan.changes.at(-1)).toMatchObject({
      before: 'chart istiod 1.30.2, global.tag=1.30.2',
      after: 'chart istiod 1.31.1, global.tag=1.31.1',
    });
    const { id } = await world.start(toTarget('payments', '1.31.1'));
    expect(await world.end(id)).toMatchObject({ state: 'succeeded' });
    expect(istiodVersion(await istiod('payments'))).toBe('1.31.1');
  });

  it('keeps the suffix of a customised family', async () => {
    await begin();
    world.meshes.push(mesh('edge', 'sail', '1.29.4-mspider', ['edge']));
    const { id } = await world.start(toTarget('edge', '1.30.3-mspider'));
    expect(await world.end(id)).toMatchObject({ state: 'succeeded' });
    expect(istiodVersion(await istiod('edge'))).toBe('1.30.3-mspider');
  });

  it('fails with the words of the operator when that refuses a version', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu']));
    const { id } = await world.start(toTarget('shop', '1.27.0'));
    expect((await world.end(id)).message).toContain(
      'version "v1.27.0" is end-of-life and cannot be installed',
    );
    expect(istiodVersion(await istiod('prod-eu'))).toBe('1.29.4');
  });

  it('leaves alone what is kept in Git or pinned', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu']));
    const istio = { ...ISTIOS, name: 'default' };
    const cases: [patch: object, undo: object, reason: RegExp][] = [
      [
        {
          metadata: {
            annotations: { 'argocd.argoproj.io/tracking-id': 'mesh:x' },
          },
        },
        { metadata: { annotations: null } },
        /kept in Git by Argo CD application mesh.*v1\.30\.3/,
      ],
      [
        {
          metadata: { labels: { 'kustomize.toolkit.fluxcd.io/name': 'infra' } },
        },
        { metadata: { labels: null } },
        /kept in Git by Flux Kustomization infra/,
      ],
      [
        { spec: { values: { pilot: { tag: '1.29.4' } } } },
        { spec: { values: { pilot: null } } },
        /pins the image.*pilot\.tag=1\.29\.4/,
      ],
    ];
    for (const [patch, undo, reason] of cases) {
      await world.client('prod-eu').patch(istio, 'merge', patch);
      await expect(
        world.service.plan(toTarget('shop', '1.30.3')),
      ).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(reason),
      });
      await world.client('prod-eu').patch(istio, 'merge', undo);
    }
  });

  it('says what helm said when a Job fails', async () => {
    await begin();
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const { id } = await world.start(toTarget('payments', '1.99.9'));
    const run = await world.end(id);
    expect(run.state).toBe('failed');
    expect(run.message).toMatch(/helm failed:[^]*1\.99\.9[^]*not found/);
    expect(istiodVersion(await istiod('payments'))).toBe('1.30.2');
  });

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
    expect(istiodVersion(await istiod('payments'))).toBe('1.31.1');
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

  it('says what to do where Jobs cannot be made', async () => {
    await begin({ jobNamespace: 'unprepared' });
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const { id } = await world.start(toTarget('payments', '1.31.1'));
    expect((await world.end(id)).message).toMatch(
      /"unprepared" not found.*kubectl apply -f deploy\/full\.yaml/,
    );
  });

  it('restarts workloads and proves the sidecar of every pod', async () => {
    await begin();
    world.workloads.push(
      workload(SEARCH, '1.29.4'),
      workload(WEB, '1.29.4', {
        method: { kind: 'none', blockers: ['It is paused'] },
      }),
    );
    expect(await proxies('prod-eu', 'storefront', 'search')).toContain(
      '1.29.2',
    );
    const subject: UpgradeSubject = {
      kind: 'sidecars',
      workloads: [SEARCH, WEB],
    };
    const plan = await world.service.plan(subject);
    expect(plan).toMatchObject({
      pods: 2,
      targetVersion: '1.29.4',
      skipped: [{ workload: WEB, reason: 'It is paused' }],
      changes: [{ before: 'proxy 1.29.2', after: 'proxy 1.29.4' }],
    });
    const { id } = await world.start(subject);
    const run = await world.end(id);
    expect(run).toMatchObject({
      state: 'succeeded',
      steps: [{ progress: { done: 2, total: 2 }, workload: SEARCH }],
    });
    expect(await proxies('prod-eu', 'storefront', 'search')).toEqual([
      '1.29.4',
      '1.29.4',
    ]);
  });

  it('ends the run at once when a new pod gets no sidecar', async () => {
    await begin();
    world.workloads.push(workload(SEARCH, '1.29.4'));
    lab.knobs.replace({
      clusters: { 'prod-eu': { missingInjection: [{ namePrefix: 'search' }] } },
    });
    const { id } = await world.start({ kind: 'sidecars', workloads: [SEARCH] });
    const run = await world.end(id);
    expect(run.state).toBe('failed');
    expect(run.message).toMatch(/New pod search-\S+ has no sidecar/);
  });

  it('names the pod that does not become Ready, and stops without undoing it', async () => {
    await begin();
    const all = [SEARCH, WEB, CATALOG];
    const more = [
      'prod-eu/checkout/Deployment/cart',
      'prod-eu/checkout/Deployment/checkout',
    ];
    world.workloads.push(
      ...[...all, ...more].map(id => workload(id, '1.29.4')),
    );
    lab.knobs.replace({ clusters: { 'prod-eu': { neverReady: [{}] } } });
    const plan = await world.service.plan({ kind: 'sidecars', workloads: all });
    expect(plan.changes).toHaveLength(3);
    const { id } = await world.start({
      kind: 'sidecars',
      workloads: [...all, ...more],
    });
    const waiting = await world.until(id, run =>
      run.steps.some(step => /search-/.test(step.message)),
    );
    expect(waiting.state).toBe('running');
    const running = waiting.steps.filter(s => s.state === 'running').length;
    expect(running).toBeGreaterThan(0);
    expect(running).toBeLessThanOrEqual(3);

    const stopping = await world.service.stop(id, { stoppedBy: 'finn' });
    expect(stopping.state).toBe('stopping');
    lab.knobs.replace({});
    const run = await world.until(id, r =>
      r.steps.every(s => s.state !== 'pending'),
    );
    expect(run.steps.filter(s => s.state === 'skipped').length).toBe(
      run.steps.length - 3,
    );
    await expect(
      world.service.plan({ kind: 'sidecars', workloads: [SEARCH] }),
    ).rejects.toMatchObject({ runId: id });
  });

  it('refuses what must not be started', async () => {
    await begin({ modes: { 'prod-eu': 'restart', 'prod-us': 'read' } });
    const { service, start } = world;
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu']));
    const abroad = 'prod-us/storefront/Deployment/search';
    world.workloads.push(
      workload(SEARCH, '1.29.4'),
      workload(abroad, '1.29.4'),
    );
    const sidecars = (...workloads: string[]): UpgradeSubject => ({
      kind: 'sidecars',
      workloads,
    });

    const wrong: [UpgradeSubject, string | RegExp][] = [
      [sidecars(), 'workloads must not be empty'],
      [sidecars(SEARCH, 'a/b/c/d'), 'Unknown workloads: a/b/c/d'],
      [toTarget('shop', '1.28.0'), '1.28.0 is older'],
      [toTarget('nowhere', '1.30.3'), "No mesh 'nowhere'"],
    ];
    for (const [subject, message] of wrong) {
      await expect(service.plan(subject)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(message),
      });
    }

    await expect(start(toTarget('shop', '1.30.3'))).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('mode: full'),
    });
    await expect(start(sidecars(abroad))).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('mode: restart'),
    });
    await expect(
      service.start({ ...sidecars(SEARCH), planHash: 'stale' }, ADA),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      plan: { hash: expect.any(String) },
    });
    world.checks.checkSidecars.mockResolvedValueOnce({
      ...PASSED,
      passed: false,
      findings: [
        {
          id: 'c1',
          check: 'c',
          severity: 'blocker',
          title: 'Webhook is down',
          workload: SEARCH,
          evidence: { object: 'o', observed: 'no answer', expected: 'a pod' },
          remedy: 'Start istiod.',
        },
      ],
    });
    await expect(start(sidecars(SEARCH))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(
        `${SEARCH}: Webhook is down (no answer, expected a pod). Start istiod.`,
      ),
    });
    expect(await service.activeRuns()).toEqual([]);
    expect(world.writes).toEqual([]);
  });

  it('starts only with every consent that is asked for, and remembers who gave it', async () => {
    await begin();
    const { service, start } = world;
    world.workloads.push(workload(SEARCH, '1.29.4'));
    const search = { kind: 'sidecars' as const, workloads: [SEARCH] };
    world.checks.checkSidecars.mockResolvedValue({
      ...PASSED,
      consents: ['c1'],
      findings: [
        {
          id: 'c1',
          check: 'single-replica',
          severity: 'consent',
          title: 'One replica only',
          workload: SEARCH,
          evidence: { object: 'o', observed: '1 replica', expected: 'two' },
          remedy: 'Add a replica.',
        },
      ],
    });
    await expect(start(search, ['other'])).rejects.toMatchObject({
      name: 'InputError',
      message: `'consents' must name what you consent to: ${SEARCH}: One replica only (c1)`,
    });
    expect(await service.activeRuns()).toEqual([]);

    const { id } = await start(search, ['c1']);
    await world.end(id);
    const events = await service.events(id, {});
    expect(events[1].message).toBe(
      `${ADA.startedBy} consented to: ${SEARCH}: One replica only (1 replica)`,
    );
  });
});
