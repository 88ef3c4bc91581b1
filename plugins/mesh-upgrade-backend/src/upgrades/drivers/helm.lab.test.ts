import type { Lab } from '@internal/lab';
import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { gunzipSync, gzipSync } from 'node:zlib';
import { listAll } from '../../clusters/listAll';
import { SECRETS, type Secret } from '../../helm/release';
import { DAEMON_SETS, type DaemonSet } from '../../kubernetes/types';
import { nodeAgentVersion } from '../actuators/nodeAgent';
import { mesh, toTarget, upgradesOnLab } from '../__testUtils__/upgradesOnLab';
import {
  changingSteps,
  istiodVersionOn,
  nodeAgent,
} from '../__testUtils__/labViews';

jest.setTimeout(120_000);

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

describe('upgrades of Helm releases, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;
  let lab: Lab;

  async function begin(options?: Parameters<typeof upgradesOnLab>[0]) {
    world = await upgradesOnLab(options);
    lab = world.lab;
  }
  afterEach(() => world.stop());

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

  it('upgrades a Helm installation by Jobs, base before istiod, and keeps their logs', async () => {
    await begin();
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const { id } = await world.start(toTarget('payments', '1.31.1'));
    const run = await world.end(id);
    expect(run).toMatchObject({ state: 'succeeded', driver: 'helm' });
    expect(changingSteps(run).map(s => s.title)).toEqual(['base', 'istiod']);
    expect(await istiodVersionOn(world.client('payments'))).toBe('1.31.1');
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
    expect(await istiodVersionOn(world.client('payments'))).toBe('1.31.1');
  });

  it('says what helm said when a Job fails', async () => {
    await begin();
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const { id } = await world.start(toTarget('payments', '1.99.9'));
    const run = await world.end(id);
    expect(run.state).toBe('failed');
    expect(run.message).toMatch(/helm failed:[^]*1\.99\.9[^]*not found/);
    expect(await istiodVersionOn(world.client('payments'))).toBe('1.30.2');
  });

  it('says what to do where Jobs cannot be made', async () => {
    await begin({ jobNamespace: 'unprepared' });
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const { id } = await world.start(toTarget('payments', '1.31.1'));
    expect((await world.end(id)).message).toMatch(
      /"unprepared" not found.*kubectl apply -f deploy\/full\.yaml/,
    );
  });

  it('takes a Helm release back to what Helm remembers, and refuses where it remembers nothing', async () => {
    await begin();
    world.meshes.push(mesh('payments', 'helm', '1.30.2', ['payments']));
    const upgrade = async (subject: UpgradeSubject) =>
      world.end((await world.start(subject)).id);
    const run = await upgrade(toTarget('payments', '1.30.3'));
    expect(run).toMatchObject({ state: 'succeeded', returnTo: '1.30.2' });
    const back: UpgradeSubject = {
      kind: 'mesh',
      meshId: 'payments',
      targetVersion: '1.30.2',
      returnOf: run.id,
    };
    const plan = await world.service.plan(back);
    expect(plan.changes).toMatchObject([
      {
        object: 'Helm release istio-system/istiod',
        before: expect.stringMatching(/^revision \d+: chart istiod 1\.30\.3$/),
        after: expect.stringMatching(
          /^revision \d+ again: chart istiod 1\.30\.2$/,
        ),
      },
    ]);
    const returned = await upgrade(back);
    expect(returned.state).toBe('succeeded');
    expect(await istiodVersionOn(world.client('payments'))).toBe('1.30.2');

    await expect(
      world.service.plan({ ...back, targetVersion: '1.30.1' }),
    ).rejects.toThrow('which came from 1.30.2, not from 1.30.1');
  });
});
