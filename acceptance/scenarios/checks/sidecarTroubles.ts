import type { CheckSeverity } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterAccess } from '../../ClusterAccess';

/** Where the workload lives that the checks of sidecars are asked about. */
export const RESTARTS = 'restarts';
export const RESTARTED = 'app';

const NAMESPACE = `/api/v1/namespaces/${RESTARTS}`;
const DEPLOYMENT = `/apis/apps/v1/namespaces/${RESTARTS}/deployments/${RESTARTED}`;
const ISTIOD = '/apis/apps/v1/namespaces/istio-system/deployments/istiod';

/** Something that is wrong with a restart, and what the product says of it. */
export interface SidecarTrouble {
  name: string;
  /** Id of the check that has to find it. */
  check: string;
  severity: CheckSeverity;
  /** What has to be in the evidence. */
  observed: RegExp;
  /** Only a real API server refuses pods. */
  realOnly?: boolean;
  /** Makes the trouble and answers how it is cured. */
  cause(cluster: ClusterAccess): Promise<() => Promise<unknown>>;
}

export const sidecarTroubles: SidecarTrouble[] = [
  {
    name: 'a namespace whose PodSecurity does not bear the sidecar',
    check: 'injection-dry-run',
    severity: 'blocker',
    observed: /violates PodSecurity/,
    realOnly: true,
    cause: cluster =>
      label(cluster, 'pod-security.kubernetes.io/enforce', 'restricted'),
  },
  {
    name: 'a quota that holds no further pod',
    check: 'injection-dry-run',
    severity: 'blocker',
    observed: /exceeded quota: small/,
    realOnly: true,
    cause: cluster =>
      created(cluster, 'api/v1', 'resourcequotas', {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'small' },
        spec: { hard: { pods: '1' } },
      }),
  },
  {
    name: 'a limit range that the sidecar is above',
    check: 'injection-dry-run',
    severity: 'blocker',
    observed: /maximum cpu usage per Container is 50m/,
    realOnly: true,
    cause: cluster =>
      created(cluster, 'api/v1', 'limitranges', {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'tiny' },
        spec: { limits: [{ type: 'Container', max: { cpu: '50m' } }] },
      }),
  },
  {
    name: 'an istiod that is scaled to zero',
    check: 'istiod-ready',
    severity: 'blocker',
    observed: /0 of 0 replicas are available/,
    async cause(cluster) {
      const { spec } = await cluster.get<{ spec: { replicas: number } }>(
        ISTIOD,
      );
      await cluster.patch(ISTIOD, { spec: { replicas: 0 } });
      return () => cluster.patch(ISTIOD, { spec: { replicas: spec.replicas } });
    },
  },
  {
    name: 'a workload that is paused',
    check: 'restart-method',
    severity: 'blocker',
    observed: /is paused/,
    async cause(cluster) {
      await cluster.patch(DEPLOYMENT, { spec: { paused: true } });
      return () => cluster.patch(DEPLOYMENT, { spec: { paused: null } });
    },
  },
  {
    name: 'a strategy that has a gap',
    check: 'update-strategy',
    severity: 'consent',
    observed: /Strategy Recreate/,
    async cause(cluster) {
      const strategy = (type: string) =>
        cluster.patch(DEPLOYMENT, {
          spec: { strategy: { type, rollingUpdate: null } },
        });
      await strategy('Recreate');
      return () => strategy('RollingUpdate');
    },
  },
  {
    name: 'a second label on the namespace',
    check: 'conflicting-labels',
    severity: 'warning',
    observed: /istio-injection=enabled, istio\.io\/rev=canary/,
    cause: cluster => label(cluster, 'istio.io/rev', 'canary'),
  },
  {
    name: 'two budgets for one pod',
    check: 'disruption-budget',
    severity: 'warning',
    observed: /^Deployment restarts\/app first, second$/,
    async cause(cluster) {
      const budget = (name: string) =>
        created(cluster, 'apis/policy/v1', 'poddisruptionbudgets', {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name },
          spec: {
            maxUnavailable: '100%',
            selector: { matchLabels: { app: RESTARTED } },
          },
        });
      const cures = [await budget('first'), await budget('second')];
      return () => Promise.all(cures.map(cure => cure()));
    },
  },
];

/** A workload of which nothing has to be said. */
export async function deployTidyWorkload(
  cluster: ClusterAccess,
): Promise<void> {
  await cluster.post('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: RESTARTS, labels: { 'istio-injection': 'enabled' } },
  });
  const labels = { app: RESTARTED };
  await cluster.post(`/apis/apps/v1/namespaces/${RESTARTS}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: RESTARTED, namespace: RESTARTS },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'app',
              image: 'docker.io/library/nginx:1.29',
              readinessProbe: { httpGet: { path: '/', port: 80 } },
            },
          ],
        },
      },
    },
  });
}

export async function removeWorkload(cluster: ClusterAccess): Promise<void> {
  await cluster.delete(DEPLOYMENT);
  await cluster.delete(NAMESPACE);
}

async function label(
  cluster: ClusterAccess,
  key: string,
  value: string,
): Promise<() => Promise<unknown>> {
  const set = (to: string | null) =>
    cluster.patch(NAMESPACE, { metadata: { labels: { [key]: to } } });
  await set(value);
  return () => set(null);
}

async function created(
  cluster: ClusterAccess,
  group: string,
  collection: string,
  object: { metadata: { name: string } } & Record<string, unknown>,
): Promise<() => Promise<unknown>> {
  const path = `/${group}/namespaces/${RESTARTS}/${collection}`;
  await cluster.post(path, {
    ...object,
    metadata: { ...object.metadata, namespace: RESTARTS },
  });
  return () => cluster.delete(`${path}/${object.metadata.name}`);
}
