import type {
  Deployment,
  Istio,
  IstioRevision,
  IstioRevisionTag,
  KubeObject,
  Pod,
} from '../../kubernetes/types';
import { startLab, type Lab } from '../../startLab';
import { clientOf, eventually } from '../../testing/labClient';
import { inactiveRevisions } from './istioController';

const SAIL = '/apis/sailoperator.io/v1';
const ISTIO = `${SAIL}/istios/default`;
const REVISIONS = `${SAIL}/istiorevisions`;
const DEPLOYMENTS = '/apis/apps/v1/namespaces/istio-system/deployments';
const WEBHOOKS =
  '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const OLD = 'default-v1-29-4';
const NEW = 'default-v1-30-3';

describe('the Sail operator with a revision for every version', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterEach(() => lab.stop());

  const names = (objects: KubeObject[]) =>
    objects.map(({ metadata }) => metadata.name);
  const upgrade = (version = 'v1.30.3') =>
    clientOf(lab, 'support').patch(ISTIO, { spec: { version } });
  const becomes = (state: string, revision = NEW) =>
    eventually(
      () => clientOf(lab, 'support').get<Istio>(ISTIO),
      ({ body: { status } }) =>
        status?.state === state && status.activeRevisionName === revision,
    );

  it('installs a new istiod beside the old one, moves the tag and keeps what is in use', async () => {
    const client = clientOf(lab, 'support');
    await upgrade();
    // Not healthy before the new istiod is.
    await becomes('IstiodNotReady');
    const { body } = await becomes('Healthy');
    expect(body.status?.revisions).toEqual({ total: 2, ready: 2, inUse: 2 });
    expect(names(await client.list(DEPLOYMENTS))).toEqual([
      `istiod-${OLD}`,
      `istiod-${NEW}`,
    ]);
    const istiod = await client.get<Deployment>(`${DEPLOYMENTS}/istiod-${NEW}`);
    expect(istiod.body.spec.template.spec.containers[0].image).toMatch(
      /\/istio\/pilot:1\.30\.3$/,
    );
    expect(istiod.body.metadata).toMatchObject({
      labels: { 'managed-by': 'sail-operator', 'istio.io/rev': NEW },
      ownerReferences: [{ kind: 'IstioRevision', name: NEW }],
    });
    const tag = await eventually(
      () => client.get<IstioRevisionTag>(`${SAIL}/istiorevisiontags/stable`),
      answer => answer.body.status?.istioRevision === NEW,
    );
    expect(tag.body.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'InUse', status: 'True' }),
    );
    const webhooks = await client.get(`${WEBHOOKS}/istio-revision-tag-stable`);
    expect(webhooks.body.metadata.labels).toMatchObject({
      'istio.io/rev': NEW,
      'istio.io/tag': 'stable',
    });
  });

  it('injects by the tag with the new revision, and by the name of the old one with the old', async () => {
    await upgrade();
    await becomes('Healthy');
    const imageIn = async (namespace: string) => {
      const { body } = await clientOf(lab, 'support').request<Pod>(
        'POST',
        `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
        {
          metadata: { name: 'probe' },
          spec: { containers: [{ name: 'app', image: 'app' }] },
        },
      );
      return JSON.stringify(body.spec).match(/proxyv2:([\d.]+)/)?.[1];
    };
    await eventually(
      () => imageIn('support'),
      version => version === '1.30.3',
    );
    expect(await imageIn('support-chat')).toBe('1.29.4');
  });

  it('removes a revision with all that it installed once nothing has used it for the grace period', async () => {
    const client = clientOf(lab, 'support');
    await client.patch(ISTIO, {
      spec: {
        updateStrategy: { inactiveRevisionDeletionGracePeriodSeconds: 1 },
      },
    });
    await upgrade();
    await becomes('Healthy');
    expect(names(await client.list(REVISIONS))).toEqual([OLD, NEW]);
    await client.patch('/api/v1/namespaces/support-chat', {
      metadata: { labels: { 'istio.io/rev': 'stable' } },
    });
    for (const namespace of ['support', 'support-chat']) {
      await client.request('DELETE', `/api/v1/namespaces/${namespace}/pods`);
    }
    await eventually(
      async () => names(await client.list<IstioRevision>(REVISIONS)),
      revisions => revisions.join() === NEW,
    );
    await eventually(
      async () => names(await client.list(DEPLOYMENTS)),
      deployments => deployments.join() === `istiod-${NEW}`,
    );
    const left = await client.list(WEBHOOKS);
    expect(names(left).filter(name => name.includes(OLD))).toEqual([]);
  });

  it('reports a chart that cannot be installed, and goes on when it can', async () => {
    lab.knobs.replace({
      clusters: {
        support: { failedCharts: [{ chart: 'istiod', message: 'no disk' }] },
      },
    });
    await upgrade();
    const { body } = await becomes('ReconcileError');
    expect(body.status?.conditions?.[0]).toMatchObject({
      type: 'Reconciled',
      status: 'False',
      message: 'no disk',
    });
    lab.knobs.replace({});
    await becomes('Healthy');
  });

  it('does nothing while it is stuck', async () => {
    lab.knobs.replace({ clusters: { support: { stuckOperators: ['sail'] } } });
    await upgrade();
    await new Promise(resolve => setTimeout(resolve, 300));
    const { body } = await clientOf(lab, 'support').get<Istio>(ISTIO);
    expect(body.metadata.generation).toBe(2);
    expect(body.status?.observedGeneration).toBe(1);
    lab.knobs.replace({});
    await becomes('Healthy');
  });
});

describe('inactiveRevisions', () => {
  const istio = {
    metadata: { name: 'default' },
    spec: {
      version: 'v1.30.3',
      updateStrategy: {
        type: 'RevisionBased',
        inactiveRevisionDeletionGracePeriodSeconds: 30,
      },
    },
  } as Istio;
  const revision = (name: string, inUse: string, since: string) =>
    ({
      metadata: { name },
      status: {
        conditions: [
          { type: 'InUse', status: inUse, lastTransitionTime: since },
        ],
      },
    } as IstioRevision);
  const NOW = '2026-09-01T08:01:00Z';

  it('dooms what has been unused for the grace period, never what is active, used or unknown', () => {
    const late = '2026-09-01T08:00:50Z';
    const early = '2026-09-01T08:00:30Z';
    const result = inactiveRevisions(
      istio,
      [
        revision(NEW, 'False', early),
        revision(OLD, 'False', early),
        revision('default-v1-28-6', 'True', early),
        revision('default-v1-28-5', 'Unknown', early),
        revision('default-v1-28-4', 'False', late),
      ],
      NOW,
    );
    expect(result.doomed.map(({ metadata }) => metadata.name)).toEqual([OLD]);
    expect(result.nextInMs).toBe(20_000);
  });
});
