import { poll } from '../../../../scripts/lib/poll.mjs';
import type { ClusterAccess } from '../../../ClusterAccess';
import { askInjector } from '../reader/askInjector';
import { create } from './create';
import { definitions, rightsOnCustomKind } from './definitions';
import { everyKind } from './everyKind';
import { DEPLOYMENT, namespace, pod, template, workload } from './objects';
import { settled } from './settled';
import { troubledPods } from './troubledPods';

const OLD = '1.29.4';
const CURRENT = '1.30.3';

/** Fills two real clusters with everything the inventory has to tell apart. */
export async function furnish(
  [east, west]: ClusterAccess[],
  registry: string,
): Promise<void> {
  await Promise.all([furnishEast(east, registry), furnishWest(west)]);
}

async function furnishEast(
  cluster: ClusterAccess,
  registry: string,
): Promise<void> {
  await create(
    cluster,
    ...definitions(),
    ...rightsOnCustomKind(),
    ...NAMESPACES,
  );
  await create(cluster, ...injectedByTheOldOne());
  await settled(cluster);
  await upgradeByHelm(cluster, registry);
  await cluster.tools!.istioctl(
    ...['tag', 'set', 'prod', '--revision', 'canary'],
  );
  await create(cluster, ...ofEveryAnswer());
  await everyKind(cluster, 'kinds');
  await troubledPods(cluster, 'trouble');
  await ambientParts(cluster, registry);
  await settled(cluster);
  await changeMinds(cluster);
}

/** Istio by istioctl, a Kubernetes without native sidecars, and nothing else that is special. */
async function furnishWest(cluster: ClusterAccess): Promise<void> {
  await create(
    cluster,
    namespace('shop', { 'istio-injection': 'enabled' }),
    workload(DEPLOYMENT, 'shop/web', {
      replicas: 2,
      labels: { 'backstage.io/kubernetes-id': 'shop-web' },
    }),
    workload(DEPLOYMENT, 'shop/cart', {
      annotations: {
        'argocd.argoproj.io/tracking-id': 'cart:apps/Deployment:shop/cart',
      },
    }),
  );
  await cluster.tools!.istioctl(
    ...['tag', 'set', 'stable', '--revision', 'default'],
  );
  await create(
    cluster,
    namespace('steady', { 'istio.io/rev': 'stable' }),
    workload(DEPLOYMENT, 'steady/orders'),
  );
  await settled(cluster);
}

const NAMESPACES = [
  namespace('shop', { 'istio-injection': 'enabled' }),
  namespace('kinds', { 'istio-injection': 'enabled' }),
  namespace('trouble', { 'istio-injection': 'enabled' }),
  namespace('moved', { 'istio-injection': 'enabled' }),
  namespace('left', { 'istio-injection': 'enabled' }),
  namespace('joined'),
  namespace('plain'),
  namespace('beta', { 'istio.io/rev': 'canary' }),
  namespace('live', { 'istio.io/rev': 'prod' }),
  namespace('lost', { 'istio.io/rev': 'gone' }),
  namespace('ambient', { 'istio.io/dataplane-mode': 'ambient' }),
  namespace('ingress', { 'istio-injection': 'enabled' }),
];

/** Their proxies stay as they are when the control plane is upgraded. */
function injectedByTheOldOne(): object[] {
  return [
    workload(DEPLOYMENT, 'shop/catalog', {
      replicas: 3,
      labels: { 'backstage.io/kubernetes-id': 'catalog' },
    }),
    workload(DEPLOYMENT, 'shop/paused', { spec: { paused: false } }),
    workload(['apps/v1', 'StatefulSet'], 'shop/store', {
      replicas: 2,
      spec: { serviceName: 'store' },
    }),
    workload(DEPLOYMENT, 'moved/moved'),
    workload(DEPLOYMENT, 'left/left'),
    workload(DEPLOYMENT, 'joined/joined', { replicas: 2 }),
  ];
}

async function upgradeByHelm(
  { tools }: ClusterAccess,
  registry: string,
): Promise<void> {
  await tools!.helm(
    ...['upgrade', 'istiod', `oci://${registry}/charts/istiod`, '--plain-http'],
    ...['--version', CURRENT, '--namespace', 'istio-system'],
    ...['--reset-then-reuse-values'],
  );
}

/** One workload for each way in which injection can be decided. */
function ofEveryAnswer(): object[] {
  const asks = (value: string) => ({ 'sidecar.istio.io/inject': value });
  return [
    workload(DEPLOYMENT, 'shop/web', {
      replicas: 2,
      labels: { 'backstage.io/kubernetes-id': 'shop-web', tier: 'front' },
      templateAnnotations: {
        'sidecar.istio.io/proxyCPU': '50m',
        'sidecar.istio.io/proxyMemoryLimit': '256Mi',
      },
    }),
    workload(DEPLOYMENT, 'shop/asleep', { replicas: 0 }),
    workload(DEPLOYMENT, 'shop/ordinary', {
      templateAnnotations: { 'sidecar.istio.io/nativeSidecar': 'false' },
    }),
    workload(DEPLOYMENT, 'shop/pinned', {
      templateAnnotations: {
        'sidecar.istio.io/proxyImage': `example.com/istio/proxyv2:${OLD}`,
      },
    }),
    workload(DEPLOYMENT, 'shop/digest', {
      templateAnnotations: {
        'sidecar.istio.io/proxyImage': `example.com/istio/proxyv2@sha256:${'0'.repeat(
          64,
        )}`,
      },
    }),
    workload(DEPLOYMENT, 'shop/unparsable', {
      templateAnnotations: {
        'sidecar.istio.io/proxyImage': 'example.com/istio/proxyv2:our-build',
      },
    }),
    workload(DEPLOYMENT, 'shop/no-by-label', { templateLabels: asks('false') }),
    workload(DEPLOYMENT, 'shop/no-by-annotation', {
      templateAnnotations: asks('false'),
    }),
    workload(DEPLOYMENT, 'shop/on-the-host', {
      podSpec: { hostNetwork: true },
    }),
    workload(DEPLOYMENT, 'plain/plain'),
    workload(DEPLOYMENT, 'plain/yes-by-label', {
      templateLabels: asks('true'),
    }),
    workload(DEPLOYMENT, 'plain/by-revision', {
      templateLabels: { ...asks('true'), 'istio.io/rev': 'canary' },
    }),
    workload(DEPLOYMENT, 'beta/web'),
    workload(DEPLOYMENT, 'live/web', { replicas: 2 }),
    workload(DEPLOYMENT, 'lost/lost'),
    workload(DEPLOYMENT, 'ambient/waves', { replicas: 2 }),
    workload(DEPLOYMENT, 'ambient/out', {
      templateLabels: { 'istio.io/dataplane-mode': 'none' },
    }),
    pod('shop/bare'),
    pod('shop/done'),
  ];
}

/** The agents on the nodes, and a gateway whose proxy the injector fills in. */
async function ambientParts(
  { tools }: ClusterAccess,
  registry: string,
): Promise<void> {
  const install = (release: string, chart: string, space: string) =>
    tools!.helm(
      ...['install', release, `oci://${registry}/charts/${chart}`],
      ...['--plain-http', '--version', CURRENT, '--namespace', space],
      ...(chart === 'gateway' ? [] : ['--set', 'profile=ambient']),
    );
  await install('istio-cni', 'cni', 'istio-system');
  await install('ztunnel', 'ztunnel', 'istio-system');
  await install('istio-ingress', 'gateway', 'ingress');
}

/** What changed after the pods were made: only a restart would bring it to them. */
async function changeMinds(cluster: ClusterAccess): Promise<void> {
  const label = (name: string, labels: object) =>
    cluster.patch(`/api/v1/namespaces/${name}`, { metadata: { labels } });
  await label('joined', { 'istio-injection': 'enabled' });
  await label('left', { 'istio-injection': null });
  await label('moved', { 'istio-injection': null, 'istio.io/rev': 'canary' });
  await cluster.patch('/apis/apps/v1/namespaces/shop/deployments/paused', {
    spec: { paused: true },
  });
  await cluster.patch('/api/v1/namespaces/shop/pods/done/status', {
    status: { phase: 'Succeeded' },
  });
  await poll(
    async () =>
      (await askInjector(cluster, 'shop', template('asked')))?.version ===
        CURRENT || undefined,
    { timeoutMs: 30_000, what: `${cluster.name} to inject ${CURRENT}` },
  );
}
