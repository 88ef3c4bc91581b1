import {
  anIstiodDeployment,
  clusterContext,
  has,
  meshWithIstiod,
} from '../__testUtils__/fakes';
import { controlPlaneAvailability } from './control-plane-availability';

const metadata = (name: string) => ({ name, namespace: 'istio-system' });

const budget = (name: string, disruptionsAllowed: number) => ({
  metadata: metadata(name),
  spec: { selector: { matchLabels: { app: 'istiod' } } },
  status: { disruptionsAllowed },
});

const autoscaler = (
  spec: object,
  status: { currentReplicas?: number; conditions?: object[] } = {},
) => ({
  metadata: metadata('istiod'),
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'istiod' }, ...spec },
  status,
});

async function look(objects: {
  deployment?: object;
  budgets?: object[];
  autoscaler?: object;
}) {
  const findings = await controlPlaneAvailability().run(
    clusterContext('prod-eu', {
      mesh: meshWithIstiod(),
      clusters: {
        'prod-eu': has({
          deployments: [objects.deployment ?? anIstiodDeployment()],
          poddisruptionbudgets: objects.budgets ?? [budget('istiod', 1)],
          horizontalpodautoscalers: objects.autoscaler
            ? [objects.autoscaler]
            : [],
        }),
      },
    }),
  );
  return findings.map(({ severity, title, evidence }) => ({
    severity,
    title,
    observed: evidence.observed,
  }));
}

const strategy = (of: object, replicas = 2) =>
  anIstiodDeployment({ spec: { replicas, strategy: of } });

describe('control-plane-availability', () => {
  it('passes several replicas with a budget that lets one go and an autoscaler with room', async () => {
    await expect(
      look({
        autoscaler: autoscaler(
          { minReplicas: 2, maxReplicas: 5 },
          {
            currentReplicas: 2,
            conditions: [{ type: 'ScalingActive', status: 'True' }],
          },
        ),
      }),
    ).resolves.toMatchObject([{ severity: 'passed' }]);
  });

  it('warns of a single replica, and of a budget that never lets it go', async () => {
    await expect(
      look({
        deployment: anIstiodDeployment({ spec: { replicas: 1 } }),
        budgets: [budget('istiod', 0)],
        autoscaler: autoscaler({ minReplicas: 1, maxReplicas: 5 }),
      }),
    ).resolves.toEqual([
      {
        severity: 'warning',
        title: expect.stringContaining('single replica'),
        observed: '1 replica, at least 1 by its autoscaler',
      },
      {
        severity: 'warning',
        title: expect.stringContaining('cannot be drained'),
        observed: 'disruptionsAllowed 0',
      },
    ]);
  });

  it.each([
    ['Recreate', { type: 'Recreate' }, 'strategy Recreate'],
    [
      'no pod that has to stay',
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
      'maxUnavailable 100%',
    ],
  ])('asks for consent to %s', async (_, of, observed) => {
    await expect(look({ deployment: strategy(of) })).resolves.toMatchObject([
      { severity: 'consent', observed },
    ]);
  });

  it('rounds what may be unavailable down, as Kubernetes does', async () => {
    await expect(
      look({
        deployment: strategy(
          {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: '25%', maxSurge: '100%' },
          },
          1,
        ),
      }),
    ).resolves.toMatchObject([{ severity: 'warning' }]);
  });

  it('warns of two budgets, and tells when there is none', async () => {
    await expect(
      look({ budgets: [budget('istiod', 1), budget('mine', 1)] }),
    ).resolves.toMatchObject([
      { severity: 'warning', observed: 'istiod, mine' },
    ]);
    await expect(look({ budgets: [] })).resolves.toMatchObject([
      { severity: 'info' },
    ]);
    const other = budget('other', 0);
    other.spec.selector.matchLabels.app = 'web';
    await expect(look({ budgets: [other] })).resolves.toMatchObject([
      { severity: 'info' },
    ]);
  });

  it('warns of an autoscaler without room or without metrics', async () => {
    await expect(
      look({
        autoscaler: autoscaler(
          { minReplicas: 2, maxReplicas: 2 },
          {
            currentReplicas: 2,
            conditions: [
              {
                type: 'ScalingActive',
                status: 'False',
                reason: 'FailedGetResourceMetric',
                message: 'unable to get metrics',
              },
            ],
          },
        ),
      }),
    ).resolves.toMatchObject([
      { observed: 'FailedGetResourceMetric: unable to get metrics' },
      { observed: '2 of at most 2 replicas' },
    ]);
  });
});
