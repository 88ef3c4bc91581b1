import type {
  DaemonSet,
  Deployment,
  Pod,
  PodDisruptionBudget,
  StatefulSet,
} from '../kubernetes/types';
import { startLab, type Lab } from '../startLab';
import { clientOf, eventually } from '../testing/labClient';

const RESTART = {
  spec: {
    template: {
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/restartedAt': '2026-11-22T03:00:00Z',
        },
      },
    },
  },
};

function proxyOf(pod: Pod) {
  const isProxy = ({ name }: { name: string }) => name === 'istio-proxy';
  return {
    native: pod.spec.initContainers?.find(isProxy)?.image.split(':').pop(),
    plain: pod.spec.containers.find(isProxy)?.image.split(':').pop(),
  };
}

function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === spec.replicas &&
    status?.availableReplicas === spec.replicas
  );
}

describe('workload controllers', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterAll(() => lab.stop());
  afterEach(() => lab.knobs.replace({}));

  const podsPath = (namespace: string, workload: string) =>
    `/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io/name=${workload}`;

  it('rolls a Deployment over to pods that the present control plane injects', async () => {
    const payments = clientOf(lab, 'payments');
    const path = '/apis/apps/v1/namespaces/payments/deployments';
    const pods = podsPath('payments', 'payment-gateway');
    const before = await payments.list<Pod>(pods);
    expect(before.map(proxyOf)).toEqual(
      Array(3).fill({ native: '1.29.4', plain: undefined }),
    );

    const restart = await payments.patch<Deployment>(
      `${path}/payment-gateway?fieldManager=kubectl-rollout`,
      RESTART,
      'strategic',
    );
    expect(restart.body.metadata.generation).toBe(2);
    // Never fewer than the surge and unavailability of 25 % allow.
    const seen: number[] = [];
    await eventually(
      async () =>
        (
          await payments.get<Deployment>(`${path}/payment-gateway`)
        ).body,
      deployment => {
        seen.push(deployment.status?.availableReplicas ?? 0);
        return isRolledOut(deployment);
      },
    );
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(3);

    const after = await eventually(
      () => payments.list<Pod>(pods),
      found => found.length === 3,
    );
    expect(after.map(proxyOf)).toEqual(
      Array(3).fill({ native: '1.30.2', plain: undefined }),
    );
    const names = after.map(({ metadata }) => metadata.name);
    expect(before.filter(old => names.includes(old.metadata.name))).toEqual([]);
    const sets = await payments.list(
      '/apis/apps/v1/namespaces/payments/replicasets?labelSelector=app.kubernetes.io/name=payment-gateway',
    );
    expect(sets).toHaveLength(2);
  });

  it('injects by revision tag and honours exclusion, annotation and missing labels', async () => {
    const payments = clientOf(lab, 'payments');
    const dryRun = async (
      namespace: string,
      metadata: Partial<Pod['metadata']> = {},
    ) => {
      const { status, body } = await payments.request<Pod>(
        'POST',
        `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
        {
          metadata: { generateName: 'probe-', ...metadata },
          spec: { containers: [{ name: 'app', image: 'app:1' }] },
        },
      );
      expect(status).toBe(201);
      return proxyOf(body);
    };
    const native = { native: '1.30.2', plain: undefined };
    const none = { native: undefined, plain: undefined };
    expect(await dryRun('payments')).toEqual(native);
    expect(await dryRun('fraud')).toEqual(native);
    expect(await dryRun('payments-tools')).toEqual(none);
    expect(
      await dryRun('payments-tools', {
        labels: { 'sidecar.istio.io/inject': 'true' },
      }),
    ).toEqual(native);
    expect(
      await dryRun('payments', {
        labels: { 'sidecar.istio.io/inject': 'false' },
      }),
    ).toEqual(none);
    expect(
      await dryRun('payments', {
        annotations: { 'sidecar.istio.io/nativeSidecar': 'false' },
      }),
    ).toEqual({ native: undefined, plain: '1.30.2' });
    // A dry run leaves nothing behind.
    const pods = await payments.list('/api/v1/pods');
    expect(
      pods.filter(({ metadata }) => metadata.name.startsWith('probe-')),
    ).toEqual([]);
  });

  it('leaves a paused Deployment alone', async () => {
    const payments = clientOf(lab, 'payments');
    const path = '/apis/apps/v1/namespaces/ledger/deployments/ledger-export';
    await payments.patch(path, RESTART);
    const { body } = await eventually(
      () => payments.get<Deployment>(path),
      answer => answer.body.status?.observedGeneration === 2,
    );
    expect(body.status?.updatedReplicas).toBeUndefined();
    const pods = await payments.list<Pod>(podsPath('ledger', 'ledger-export'));
    expect(pods.map(proxyOf)).toEqual(
      Array(2).fill({ native: '1.29.4', plain: undefined }),
    );
  });

  it('reports a rollout whose pods never become ready, and finishes it when they may', async () => {
    lab.knobs.replace({
      clusters: { edge: { neverReady: [{ namePrefix: 'alerts-' }] } },
    });
    const edge = clientOf(lab, 'edge');
    const path = '/apis/apps/v1/namespaces/telemetry/deployments/alerts';
    await edge.patch(path, {
      spec: { progressDeadlineSeconds: 1, ...RESTART.spec },
    });
    const reasonOf = ({ status }: Deployment) =>
      status?.conditions?.find(({ type }) => type === 'Progressing')?.reason;
    const stuck = await eventually(
      async () => (await edge.get<Deployment>(path)).body,
      deployment => reasonOf(deployment) === 'ProgressDeadlineExceeded',
    );
    // The old pod stays until the new one is there.
    expect(stuck.status).toMatchObject({ availableReplicas: 1, replicas: 2 });
    lab.knobs.replace({});
    await eventually(
      async () => (await edge.get<Deployment>(path)).body,
      deployment => isRolledOut(deployment),
    );
  });

  it('rolls StatefulSets from the highest number, and OnDelete ones only by eviction', async () => {
    const edge = clientOf(lab, 'edge');
    const registry =
      '/apis/apps/v1/namespaces/devices/statefulsets/device-registry';
    await edge.patch(registry, RESTART);
    const done = await eventually(
      async () => (await edge.get<StatefulSet>(registry)).body,
      ({ status }) =>
        status?.observedGeneration === 2 &&
        status.readyReplicas === 2 &&
        status.currentRevision === status.updateRevision &&
        status.updatedReplicas === 2,
    );
    expect(done.status?.replicas).toBe(2);

    const store =
      '/apis/apps/v1/namespaces/telemetry/statefulsets/telemetry-store';
    await edge.patch(store, RESTART);
    await eventually(
      async () => (await edge.get<StatefulSet>(store)).body,
      ({ status }) =>
        status?.observedGeneration === 2 &&
        status.updateRevision !== status.currentRevision,
    );
    const path = '/api/v1/namespaces/telemetry/pods/telemetry-store-1';
    const { body: old } = await edge.get<Pod>(path);
    expect(proxyOf(old).plain).toBe('1.28.6-mspider');
    const evicted = await edge.request('POST', `${path}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'telemetry-store-1', namespace: 'telemetry' },
      deleteOptions: { preconditions: { uid: old.metadata.uid } },
    });
    expect(evicted.status).toBe(201);
    const renewed = await eventually(
      async () => edge.get<Pod>(path),
      ({ status, body }) =>
        status === 200 && body.metadata.uid !== old.metadata.uid,
    );
    expect(proxyOf(renewed.body).plain).toBe('1.29.4-mspider');
  });

  it('replaces the pods of a DaemonSet node by node', async () => {
    const payments = clientOf(lab, 'payments');
    const path = '/apis/apps/v1/namespaces/payments/daemonsets/audit-agent';
    await payments.patch(path, RESTART);
    await eventually(
      async () => (await payments.get<DaemonSet>(path)).body,
      ({ status }) =>
        status?.observedGeneration === 2 &&
        status.updatedNumberScheduled === 3 &&
        status.numberAvailable === 3,
    );
    const pods = await payments.list<Pod>(podsPath('payments', 'audit-agent'));
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(3);
  });

  it('refuses an eviction that a budget forbids, in the words of Kubernetes', async () => {
    const payments = clientOf(lab, 'payments');
    const { body: budget } = await payments.get<PodDisruptionBudget>(
      '/apis/policy/v1/namespaces/payments/poddisruptionbudgets/card-processor',
    );
    expect(budget.status).toMatchObject({
      disruptionsAllowed: 0,
      currentHealthy: 2,
      desiredHealthy: 2,
    });
    const [pod] = await payments.list<Pod>(
      podsPath('payments', 'card-processor'),
    );
    const path = `/api/v1/namespaces/payments/pods/${pod.metadata.name}`;
    const refused = await payments.request('POST', `${path}/eviction`, {});
    expect(refused).toEqual({
      status: 429,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          "Cannot evict pod as it would violate the pod's disruption budget.",
        reason: 'TooManyRequests',
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message:
                'The disruption budget card-processor needs 2 healthy pods and has 2 currently',
            },
          ],
        },
        code: 429,
      },
    });
    expect((await payments.get(path)).status).toBe(200);
    const stale = await payments.request<{ message: string }>(
      'POST',
      `${path}/eviction`,
      { deleteOptions: { preconditions: { uid: 'another' } } },
    );
    expect(stale.status).toBe(409);
    expect(stale.body.message).toContain(
      'the UID in the precondition (another)',
    );
  });
});
