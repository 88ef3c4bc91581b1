import type { Lab } from '@internal/lab';
import type { StartRunRequest } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { nodeAgentVersion } from '../actuators/nodeAgent';
import { DAEMON_SETS, ISTIOS, type DaemonSet } from '../../kubernetes/types';
import {
  ADA,
  mesh,
  toTarget,
  upgradesOnLab,
} from '../__testUtils__/upgradesOnLab';
import {
  changingSteps,
  istiodVersionOn,
  nodeAgent,
} from '../__testUtils__/labViews';

jest.setTimeout(120_000);

/** What proves the upgrade of one control plane of a cluster. */
const PROOFS = [
  'istiod',
  'istiod: injection',
  'istiod: validation',
  'istiod: proxies',
  'Validators and revision tags',
  'Sidecars and gateways',
];

describe('upgrades through the Sail operator, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;
  let lab: Lab;

  async function begin(options?: Parameters<typeof upgradesOnLab>[0]) {
    world = await upgradesOnLab(options);
    lab = world.lab;
  }
  afterEach(() => world.stop());

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
      expect(await istiodVersionOn(world.client(cluster))).toBe('1.30.3');
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
    expect(await istiodVersionOn(world.client('prod-us'))).toBe('1.29.4');
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

  it('keeps the suffix of a customised family', async () => {
    await begin();
    world.meshes.push(mesh('edge', 'sail', '1.29.4-mspider', ['edge']));
    const { id } = await world.start(toTarget('edge', '1.30.3-mspider'));
    expect(await world.end(id)).toMatchObject({ state: 'succeeded' });
    expect(await istiodVersionOn(world.client('edge'))).toBe('1.30.3-mspider');
  });

  it('fails with the words of the operator when that refuses a version', async () => {
    await begin();
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu']));
    const { id } = await world.start(toTarget('shop', '1.27.0'));
    expect((await world.end(id)).message).toContain(
      'version "v1.27.0" is end-of-life and cannot be installed',
    );
    expect(await istiodVersionOn(world.client('prod-eu'))).toBe('1.29.4');
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
});
