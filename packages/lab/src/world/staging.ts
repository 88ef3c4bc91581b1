import { injectorWebhooks } from '../controlPlane/webhooks';
import {
  CONFIG_MAPS,
  MUTATING_WEBHOOKS,
  VALIDATING_WEBHOOKS,
  type Resource,
} from '../kubernetes/resources';
import type { ClusterBlueprint } from './blueprint';
import { configure, routing } from './configuration';
import { STAGING } from './meshes';
import { INJECTED, workloads } from './rows';

const CURRENT = '1.29.4';
const NEXT = '1.30.3';
const CANARY = '1-30-3';
/** A revision that was uninstalled and left things behind. */
const GONE = '1-27-8';

const stagingWorkloads = [
  ...workloads('storefront-staging', CURRENT, [
    ['product-catalog', 2],
    ['search', 2, 'search', { kind: 'Rollout' }],
    ['reviews-load-test', 2, 'reviews', { kind: 'ReplicaSet' }],
    ['catalog-import', 1, 'product-catalog', { kind: 'Pod' }],
  ]),
  ...workloads('checkout-staging', NEXT, [
    ['checkout-api', 2],
    ['pricing', 1],
    ['orders-replay', 1, 'orders', { kind: 'Job', running: true }],
  ]),
  ...workloads('payments-staging', CURRENT, [
    // Their namespace was moved to the canary; they are to be restarted.
    ['wallet', 1, undefined, { injectedBy: 'default' }],
    [
      'fraud-scoring',
      1,
      'fraud',
      {
        injectedBy: 'default',
        annotations: { 'traffic.sidecar.istio.io/kubevirtInterfaces': 'net1' },
      },
    ],
  ]),
  ...workloads('devices-staging', '', [
    ['device-gateway', 1],
    ['telemetry-ingest', 1, 'telemetry'],
  ]),
  ...workloads('staging-ingress', CURRENT, [
    ['staging-gateway', 1, '', { gateway: true }],
  ]),
];

const stagingConfiguration = [
  ...routing('checkout-staging', 'checkout-api'),
  // Places its filter beside another one of a certain version: gone with the next version.
  configure(
    'EnvoyFilter',
    { namespace: 'checkout-staging', name: 'request-ids' },
    {
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'SIDECAR_INBOUND',
            proxy: { proxyVersion: '^1\\.29.*' },
            listener: {
              filterChain: {
                filter: {
                  name: 'envoy.filters.network.http_connection_manager',
                  subFilter: { name: 'envoy.filters.http.router' },
                },
              },
            },
          },
          patch: {
            operation: 'INSERT_BEFORE',
            value: luaFilter('request-ids'),
          },
        },
      ],
    },
  ),
  configure(
    'EnvoyFilter',
    { namespace: 'storefront-staging', name: 'country-header' },
    {
      workloadSelector: { labels: { app: 'product-catalog' } },
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: { context: 'SIDECAR_INBOUND' },
          patch: {
            operation: 'INSERT_FIRST',
            value: luaFilter('country-header'),
          },
        },
      ],
    },
  ),
  configure(
    'EnvoyFilter',
    { namespace: 'istio-system', name: 'short-idle-timeout' },
    {
      configPatches: [
        {
          applyTo: 'NETWORK_FILTER',
          match: { context: 'GATEWAY' },
          patch: {
            operation: 'REPLACE',
            value: { name: 'short-idle-timeout' },
          },
        },
      ],
    },
  ),
  configure(
    'VirtualService',
    { namespace: 'storefront-staging', name: 'product-catalog' },
    {
      hosts: ['product-catalog'],
      http: [
        {
          fault: { delay: { percent: 5, fixedDelay: '2s' } },
          corsPolicy: { allowOrigin: ['https://staging.shop.example.com'] },
          route: [{ destination: { host: 'product-catalog' } }],
        },
      ],
    },
  ),
  configure(
    'DestinationRule',
    { namespace: 'storefront-staging', name: 'product-catalog' },
    {
      host: 'product-catalog',
      trafficPolicy: {
        outlierDetection: { consecutive5xxErrors: 5, interval: '30s' },
      },
    },
  ),
];

function luaFilter(name: string) {
  return {
    name,
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
      default_source_code: {
        inline_string: `function envoy_on_request(handle) handle:headers():add("x-${name}", "1") end`,
      },
    },
  };
}

const leftovers = [
  [
    VALIDATING_WEBHOOKS,
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: {
        name: `istio-validator-${GONE}-istio-system`,
        labels: { app: 'istiod', istio: 'istiod', 'istio.io/rev': GONE },
      },
      webhooks: [
        {
          name: 'rev.validation.istio.io',
          clientConfig: {
            service: {
              name: `istiod-${GONE}`,
              namespace: 'istio-system',
              path: '/validate',
            },
          },
          rules: [
            {
              operations: ['CREATE', 'UPDATE'],
              apiGroups: ['networking.istio.io', 'security.istio.io'],
              apiVersions: ['*'],
              resources: ['*'],
            },
          ],
          objectSelector: {
            matchExpressions: [
              { key: 'istio.io/rev', operator: 'In', values: [GONE] },
            ],
          },
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    },
  ],
  [MUTATING_WEBHOOKS, injectorWebhooks(GONE, { labels: {}, tag: 'previous' })],
] as NonNullable<ClusterBlueprint['objects']>;

/** The files that istioctl was run with, where the Jobs of an upgrade find it. */
const installationFiles = [
  CONFIG_MAPS as Resource,
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-of-staging', namespace: 'mesh-upgrade' },
    data: {
      'istio.yaml': `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  profile: default
  values:
    pilot:
      env:
        PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: "true"
`,
      'istio-canary.yaml': `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  profile: default
  revision: ${CANARY}
`,
    },
  },
] as const;

/** Where the platform team tries the next version, and everybody else what they like. */
export const STAGING_CLUSTER: ClusterBlueprint = {
  name: 'staging',
  kubernetesVersion: '1.35.1',
  mesh: STAGING,
  canary: { revision: CANARY, version: NEXT, digestOnly: true },
  tags: { next: CANARY },
  agents: { cni: CURRENT, ztunnel: CURRENT },
  gatewayApi: 'v1.3.0',
  gateways: [
    {
      namespace: 'devices-staging',
      name: 'waypoint',
      className: 'istio-waypoint',
      replicas: 1,
      labels: { 'istio.io/waypoint-for': 'service' },
    },
  ],
  nodes: 2,
  namespaces: [
    { name: 'storefront-staging', labels: INJECTED },
    { name: 'checkout-staging', labels: { 'istio.io/rev': 'next' } },
    { name: 'payments-staging', labels: { 'istio.io/rev': CANARY } },
    {
      name: 'devices-staging',
      labels: {
        'istio.io/dataplane-mode': 'ambient',
        'istio.io/use-waypoint': 'waypoint',
      },
    },
    { name: 'staging-ingress', labels: INJECTED },
  ],
  workloads: stagingWorkloads,
  objects: [...stagingConfiguration, ...leftovers, installationFiles],
};
