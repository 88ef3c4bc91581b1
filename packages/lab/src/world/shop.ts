import type {
  ClusterBlueprint,
  NamespaceBlueprint,
  WorkloadBlueprint,
} from './blueprint';
import { routing } from './configuration';
import { SHOP } from './meshes';
import { INJECTED, workloads } from './rows';

const CURRENT = '1.29.4';
const OLDER = '1.29.2';

/** One namespace tries ambient, with a waypoint for its services. */
const ASSISTANT: NamespaceBlueprint = {
  name: 'assistant',
  labels: {
    'istio.io/dataplane-mode': 'ambient',
    'istio.io/use-waypoint': 'waypoint',
  },
};

const assistant = workloads(ASSISTANT.name, '', [
  ['shopping-assistant', 2, 'recommendations'],
  ['embeddings', 1, 'search', { kind: 'StatefulSet' }],
]);

function regionWorkloads(region: 'eu' | 'us'): WorkloadBlueprint[] {
  const european = region === 'eu';
  return [
    ...workloads('storefront', CURRENT, [
      ['web-frontend', 3],
      ['product-catalog', 2, undefined, { plainSidecar: !european }],
      ['search', 2, undefined, { proxy: OLDER }],
      ['search-indexer', 1, 'search', { recreate: true }],
      ['recommendations', 2],
      ['session-store', 2, undefined, { kind: 'StatefulSet', proxy: OLDER }],
      ['image-resizer', 2],
      ['edge-cache', 1, 'image-resizer', { kind: 'DaemonSet' }],
    ]),
    ...workloads('storefront-beta', CURRENT, [
      ['reviews', 1, undefined, { proxy: european ? CURRENT : OLDER }],
      ['wishlist', 2],
    ]),
    ...workloads('checkout', CURRENT, [
      ['cart', 2, undefined, { proxy: OLDER }],
      ['cart-cleaner', 1, 'cart', { kind: 'CronJob' }],
      ['checkout-api', 3, undefined, { minAvailable: 2 }],
      ['orders', 2, undefined, { proxy: european ? CURRENT : OLDER }],
      ['order-db', 3, 'orders', { kind: 'StatefulSet' }],
      ['pricing', 2],
      ['tax', 1, 'pricing'],
      ['shipping', 2],
    ]),
    ...workloads('shop-ingress', CURRENT, [
      ['shop-gateway', 2, '', { gateway: true }],
    ]),
    ...workloads('promotions', CURRENT, [
      // One region tries Argo Rollouts first.
      ['vouchers', 3, 'pricing', { kind: european ? 'Deployment' : 'Rollout' }],
      [
        'gift-cards',
        1,
        'pricing',
        { proxy: OLDER, pinned: `istio/proxyv2:${OLDER}` },
      ],
    ]),
    ...workloads('loyalty', CURRENT, [
      ['points', 2, 'orders', { injectedLater: true }],
    ]),
    ...workloads('reporting', '', [
      ['sales-reports', 1, 'orders', { kind: 'CronJob' }],
      ['warehouse-sync', 1, 'shipping'],
    ]),
    ...(european ? [] : assistant),
  ];
}

function regionNamespaces(region: 'eu' | 'us'): NamespaceBlueprint[] {
  return [
    { name: 'storefront', labels: INJECTED },
    { name: 'storefront-beta', labels: INJECTED },
    {
      name: 'checkout',
      // One namespace of the world names its revision instead of asking for injection.
      labels: region === 'us' ? { 'istio.io/rev': 'default' } : INJECTED,
    },
    { name: 'shop-ingress', labels: INJECTED },
    { name: 'promotions', labels: INJECTED },
    { name: 'loyalty', labels: INJECTED },
    { name: 'reporting', labels: { 'istio-injection': 'disabled' } },
    ...(region === 'us' ? [ASSISTANT] : []),
  ];
}

const ROUTES = [
  ...routing('storefront', 'product-catalog'),
  ...routing('checkout', 'checkout-api'),
];

/** The two regions of the shop. */
export const SHOP_CLUSTERS: readonly ClusterBlueprint[] = [
  {
    name: 'prod-eu',
    kubernetesVersion: '1.34.2',
    mesh: SHOP,
    agents: { cni: CURRENT },
    gatewayApi: 'v1.4.0',
    nodes: 4,
    namespaces: regionNamespaces('eu'),
    workloads: regionWorkloads('eu'),
    objects: ROUTES,
  },
  {
    name: 'prod-us',
    kubernetesVersion: '1.33.6',
    mesh: SHOP,
    agents: { cni: CURRENT, ztunnel: CURRENT },
    gatewayApi: 'v1.4.0',
    gateways: [
      {
        namespace: ASSISTANT.name,
        name: 'waypoint',
        className: 'istio-waypoint',
        replicas: 1,
        labels: { 'istio.io/waypoint-for': 'service' },
      },
    ],
    nodes: 3,
    namespaces: regionNamespaces('us'),
    workloads: regionWorkloads('us'),
    objects: ROUTES,
  },
];
