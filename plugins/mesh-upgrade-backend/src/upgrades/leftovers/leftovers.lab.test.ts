import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  MUTATING_WEBHOOKS,
  SERVICES,
  VALIDATING_WEBHOOKS,
} from '../../checks/configuration/resources';
import { orUndefined } from '../../clusters/notFound';
import { NAMESPACES } from '../../kubernetes/types';
import { mesh, toTarget, upgradesOnLab } from '../__testUtils__/upgradesOnLab';

jest.setTimeout(120_000);

const SYSTEM = 'istio-system';
const CLUSTER = 'payments';

/** What `istioctl` leaves in a cluster when only a revision's istiod is deleted. */
function remains(revision: string) {
  const labels = { app: 'istiod', 'istio.io/rev': revision };
  const service = { name: `istiod-${revision}`, namespace: SYSTEM };
  const clientConfig = { service: { ...service, path: '/inject' } };
  const common = {
    clientConfig,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  };
  return {
    service: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...service, labels },
      spec: {
        selector: { app: 'istiod', 'istio.io/rev': revision },
        ports: [],
      },
    },
    injector: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: `istio-sidecar-injector-${revision}`, labels },
      webhooks: [
        {
          ...common,
          name: 'rev.namespace.sidecar-injector.istio.io',
          namespaceSelector: {
            matchExpressions: [
              { key: 'istio.io/rev', operator: 'In', values: [revision] },
            ],
          },
        },
      ],
    },
    validator: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: `istio-validator-${revision}-${SYSTEM}`, labels },
      webhooks: [
        { ...common, name: 'rev.validation.istio.io', failurePolicy: 'Fail' },
      ],
    },
  };
}

describe('leftovers on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;

  beforeEach(async () => {
    world = await upgradesOnLab();
    world.meshes.push(mesh(CLUSTER, 'helm', '1.30.2', [CLUSTER]));
    const { service, injector, validator } = remains('1-29');
    const client = world.client(CLUSTER);
    await client.create({ ...SERVICES, namespace: SYSTEM }, service);
    await client.create(MUTATING_WEBHOOKS, injector);
    await client.create(VALIDATING_WEBHOOKS, validator);
  });
  afterEach(() => world.stop());

  const remove = (...leftovers: string[]): UpgradeSubject => ({
    kind: 'leftovers',
    meshId: CLUSTER,
    leftovers,
  });
  const listed = async () => {
    const { items, problems } = (await world.leftovers.list(CLUSTER))!;
    expect(problems).toEqual([]);
    return items;
  };

  it('lists what is left, plans its removal with what goes, removes it and sees that it is gone', async () => {
    const items = await listed();
    expect(
      items.map(({ id, role, usedBy, obstacle }) => ({
        id,
        role,
        usedBy,
        obstacle,
      })),
    ).toEqual([
      {
        id: 'payments/MutatingWebhookConfiguration//istio-sidecar-injector-1-29',
        role: 'injector',
        usedBy: [],
      },
      {
        id: 'payments/ValidatingWebhookConfiguration//istio-validator-1-29-istio-system',
        role: 'validator',
        usedBy: [],
      },
      {
        id: 'payments/Service/istio-system/istiod-1-29',
        role: 'controlPlane',
        usedBy: [],
      },
    ]);
    const ids = items.map(({ id }) => id);
    const plan = await world.service.plan(remove(...ids));
    expect(plan.changes.map(({ object }) => object)).toEqual([
      'ValidatingWebhookConfiguration istio-validator-1-29-istio-system',
      'MutatingWebhookConfiguration istio-sidecar-injector-1-29',
      'Service istio-system/istiod-1-29',
    ]);
    const [{ yaml }] = plan.changes;
    expect(yaml?.after).toBeUndefined();
    expect(yaml?.before).toContain('kind: ValidatingWebhookConfiguration');
    expect(yaml?.before).not.toContain('resourceVersion');

    const { id } = await world.start(remove(...ids));
    const run = await world.end(id);
    expect(run).toMatchObject({
      kind: 'leftovers',
      state: 'succeeded',
      targetVersion: '1.30.2',
      progress: { done: 3, total: 3 },
    });
    expect(await listed()).toEqual([]);
    expect(
      world.writes
        .filter(({ outcome }) => outcome === 'succeeded')
        .map(({ step }) => step.title),
    ).toEqual(plan.changes.map(({ object }) => object));
    // A mesh is upgraded or cleaned up, not both at once; afterwards it is free.
    await world.service.plan(toTarget(CLUSTER, '1.30.3'));
  });

  it('refuses what is in use, also when that is so only at the moment of the write', async () => {
    const client = world.client(CLUSTER);
    const injector =
      'payments/MutatingWebhookConfiguration//istio-sidecar-injector-1-29';
    await client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'late' },
    });
    const { hash } = await world.service.plan(remove(injector));
    world.checks.checkLeftovers.mockImplementationOnce(async () => {
      await client.patch({ ...NAMESPACES, name: 'late' }, 'merge', {
        metadata: { labels: { 'istio.io/rev': '1-29' } },
      });
      return { checkedAt: '', findings: [], passed: true, consents: [] };
    });
    const { id } = await world.service.start(
      { ...remove(injector), planHash: hash },
      { startedBy: 'user:default/ada' },
    );
    const run = await world.end(id);
    expect(run.state).toBe('failed');
    expect(run.message).toContain(
      'was not removed. It is in use: Namespace late by its labels',
    );
    await expect(
      orUndefined(
        client.get({
          ...MUTATING_WEBHOOKS,
          name: 'istio-sidecar-injector-1-29',
        }),
      ),
    ).resolves.toBeDefined();

    await expect(world.service.plan(remove(injector))).rejects.toThrow(
      "Cluster 'payments', MutatingWebhookConfiguration istio-sidecar-injector-1-29: It is in use: Namespace late by its labels",
    );
    await expect(
      world.service.plan(remove('payments/Service/istio-system/istiod')),
    ).rejects.toThrow('has no such leftovers');
    await expect(world.service.plan(remove())).rejects.toThrow(
      'must not be empty',
    );
  });

  it('does not remove what was made again under the same name', async () => {
    const client = world.client(CLUSTER);
    const service = 'payments/Service/istio-system/istiod-1-29';
    const ref = { ...SERVICES, namespace: SYSTEM, name: 'istiod-1-29' };
    const { hash } = await world.service.plan(remove(service));
    world.checks.checkLeftovers.mockImplementationOnce(async () => {
      await client.delete(ref);
      await client.create(
        { ...SERVICES, namespace: SYSTEM },
        remains('1-29').service,
      );
      return { checkedAt: '', findings: [], passed: true, consents: [] };
    });
    const { id } = await world.service.start(
      { ...remove(service), planHash: hash },
      { startedBy: 'user:default/ada' },
    );
    const run = await world.end(id);
    expect(run.state).toBe('failed');
    expect(run.message).toContain('is another object than the one planned');
    await expect(client.get(ref)).resolves.toBeDefined();
  });

  it('names a Helm release, and tells what a cluster that does not answer leaves unknown', async () => {
    const client = world.client(CLUSTER);
    await client.patch(
      { ...SERVICES, namespace: SYSTEM, name: 'istiod-1-29' },
      'merge',
      {
        metadata: {
          labels: { 'app.kubernetes.io/managed-by': 'Helm' },
          annotations: {
            'meta.helm.sh/release-name': 'istiod',
            'meta.helm.sh/release-namespace': SYSTEM,
          },
        },
      },
    );
    const service = (await listed()).find(({ kind }) => kind === 'Service');
    expect(service?.obstacle).toContain(
      'It carries the mark of Helm release istio-system/istiod, which runs istiod',
    );

    world.lab.knobs.replace({ clusters: { [CLUSTER]: { unreachable: true } } });
    const { items, problems } = (await world.leftovers.list(CLUSTER))!;
    expect(items).toEqual([]);
    expect(problems).toMatchObject([{ cluster: CLUSTER }]);
    expect(await world.leftovers.list('none')).toBeUndefined();
  });
});
