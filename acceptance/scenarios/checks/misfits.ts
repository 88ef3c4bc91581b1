/** An object and the collection of the API server it is created in. */
export interface Misfit {
  collection: string;
  body: {
    apiVersion: string;
    kind: string;
    metadata: {
      name: string;
      namespace?: string;
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
    };
  } & Record<string, unknown>;
}

/** Where the objects live that have a namespace. */
export const MISFITS = 'misfits';
/** A namespace that is to be labelled for injection after its pods were made. */
export const ASKED_LATE = 'asked-late';

const WORKLOAD = 'deprecated-annotation';
const SERVICE = `${WORKLOAD}.${MISFITS}.svc.cluster.local`;
const HTTP_MANAGER = 'envoy.filters.network.http_connection_manager';
const LUA = {
  name: 'envoy.filters.http.lua',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
    default_source_code: { inline_string: 'function envoy_on_request() end' },
  },
};

/** By which `istioctl` calls what is wrong with them. */
export const MISFIT_CODES = [
  'IST0002',
  'IST0103',
  'IST0123',
  'IST0133',
  'IST0135',
  'IST0136',
  'IST0139',
  'IST0146',
  'IST0151',
  'IST0152',
  'IST0153',
  'IST0154',
  'IST0155',
  'IST0156',
  'IST0158',
  'IST0172',
  'IST0176',
];

/**
 * One object for every message of Istio's own analysis that tells of a trouble
 * with upgrades. The API server and istiod admit them all.
 */
export function misfits(): Misfit[] {
  return [
    ...namespaces(),
    ...envoyFilters(),
    ...deprecated(),
    ...webhooks(),
    ...workloads(),
    ...sharedHosts(),
    ...gatewayApi(),
  ];
}

function namespaces(): Misfit[] {
  return [
    namespace(MISFITS, { 'istio-injection': 'enabled' }),
    namespace('asked-twice', {
      'istio-injection': 'enabled',
      'istio.io/rev': 'default',
    }),
    namespace('asked-nobody', { 'istio.io/rev': 'long-gone' }),
    // Its label comes when its pods are there.
    namespace(ASKED_LATE, {}),
  ];
}

function envoyFilters(): Misfit[] {
  return [
    envoyFilter('relative', [
      patch('HTTP_FILTER', 'INSERT_BEFORE', LUA, listener(HTTP_MANAGER)),
    ]),
    envoyFilter('replaces-a-cluster', [
      patch('CLUSTER', 'REPLACE', { name: 'outbound' }),
    ]),
    envoyFilter('adds-a-route', [patch('HTTP_ROUTE', 'ADD', { name: 'mine' })]),
    envoyFilter('removes-a-route', [
      patch('ROUTE_CONFIGURATION', 'REMOVE', {}),
    ]),
    envoyFilter('for-old-proxies', [
      patch('HTTP_FILTER', 'INSERT_BEFORE', LUA, {
        ...listener(HTTP_MANAGER),
        proxy: { proxyVersion: '^1\\.29.*' },
      }),
      patch('HTTP_FILTER', 'INSERT_AFTER', LUA, {
        ...listener(HTTP_MANAGER),
        proxy: { proxyVersion: '^1\\.29.*' },
      }),
    ]),
    envoyFilter('old-names', [
      patch(
        'NETWORK_FILTER',
        'MERGE',
        {},
        listener('envoy.http_connection_manager'),
      ),
    ]),
  ];
}

function deprecated(): Misfit[] {
  return [
    networking('virtualservices', 'VirtualService', 'deprecated-fields', {
      hosts: [SERVICE],
      http: [
        {
          fault: { delay: { percent: 10, fixedDelay: '1s' } },
          route: [{ destination: { host: SERVICE } }],
        },
      ],
    }),
    networking('destinationrules', 'DestinationRule', 'deprecated-fields', {
      host: SERVICE,
      trafficPolicy: { outlierDetection: { consecutiveErrors: 3 } },
    }),
    networking('sidecars', 'Sidecar', 'deprecated-fields', {
      workloadSelector: { labels: { app: WORKLOAD } },
      outboundTrafficPolicy: {
        mode: 'ALLOW_ANY',
        egressProxy: { host: 'egress.example.com', port: { number: 80 } },
      },
      egress: [{ hosts: ['./*'] }],
    }),
    {
      collection: `/api/v1/namespaces/${MISFITS}/services`,
      body: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: WORKLOAD,
          namespace: MISFITS,
          annotations: { 'alpha.istio.io/kubernetes-serviceaccounts': 'me' },
        },
        spec: {
          selector: { app: WORKLOAD },
          ports: [{ name: 'http', port: 80 }],
        },
      },
    },
    {
      collection: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: definition('rbac.istio.io', 'servicerolebindings', {
        kind: 'ServiceRoleBinding',
        versions: ['v1alpha1'],
      }),
    },
  ];
}

/** Injectors of revisions whose Service is gone; they let pods pass. */
function webhooks(): Misfit[] {
  const injector = (name: string, selector: object) => ({
    collection:
      '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    body: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      // Analysis leaves out what carries the label of another revision.
      metadata: { name, labels: { 'istio.io/rev': 'default' } },
      webhooks: [
        {
          name: 'namespace.sidecar-injector.istio.io',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Ignore',
          clientConfig: {
            service: { namespace: 'istio-system', name: 'istiod-left-over' },
          },
          rules: [
            {
              operations: ['CREATE'],
              apiGroups: [''],
              apiVersions: ['v1'],
              resources: ['pods'],
            },
          ],
          namespaceSelector: selector,
          objectSelector: {
            matchExpressions: [
              {
                key: 'sidecar.istio.io/inject',
                operator: 'NotIn',
                values: ['false'],
              },
            ],
          },
        },
      ],
    },
  });
  return [
    injector('injector-of-a-former-default', {
      matchLabels: { 'istio-injection': 'enabled' },
    }),
    {
      collection:
        '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
      body: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'istio-validator-left-over-istio-system' },
        webhooks: [
          {
            name: 'rev.validation.istio.io',
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            failurePolicy: 'Fail',
            clientConfig: {
              service: { namespace: 'istio-system', name: 'istiod-left-over' },
            },
            rules: [
              {
                operations: ['CREATE'],
                apiGroups: ['networking.istio.io'],
                apiVersions: ['*'],
                resources: ['*'],
              },
            ],
            objectSelector: { matchLabels: { 'istio.io/rev': 'left-over' } },
          },
        ],
      },
    },
  ];
}

function workloads(): Misfit[] {
  return [
    deployment(WORKLOAD, {
      annotations: { 'sidecar.istio.io/statsCompression': 'gzip' },
    }),
    deployment('without-injection', {
      labels: { 'sidecar.istio.io/inject': 'false' },
      replicas: 0,
      container: { name: 'istio-proxy', image: 'auto' },
    }),
    deployment('own-proxy', {
      labels: { 'sidecar.istio.io/inject': 'false' },
      container: {
        name: 'istio-proxy',
        image: 'docker.io/istio/proxyv2:1.28.6',
      },
    }),
    deployment('without-sidecar', {}, ASKED_LATE),
  ];
}

/** A host that two namespaces have, of which a newer minor prefers the other. */
function sharedHosts(): Misfit[] {
  return [MISFITS, 'asked-twice'].map(namespaceOfEntry => ({
    collection: `/apis/networking.istio.io/v1/namespaces/${namespaceOfEntry}/serviceentries`,
    body: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'shared-host', namespace: namespaceOfEntry },
      spec: {
        hosts: ['shared.example.com'],
        ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
        resolution: 'DNS',
        location: 'MESH_EXTERNAL',
      },
    },
  }));
}

/** As older releases of the Gateway API defined them; the last, as istiod watches what is defined. */
function gatewayApi(): Misfit[] {
  return [
    gatewayApiDefinition('tlsroutes', {
      kind: 'TLSRoute',
      versions: ['v1alpha2'],
      bundle: 'v1.4.1',
    }),
    gatewayApiDefinition('grpcroutes', {
      kind: 'GRPCRoute',
      versions: ['v1alpha2'],
      bundle: 'v1.0.0',
    }),
    gatewayApiDefinition('httproutes', {
      kind: 'HTTPRoute',
      versions: ['v1'],
      bundle: 'v1.4.1',
    }),
  ];
}

function gatewayApiDefinition(
  plural: string,
  options: { kind: string; versions: string[]; bundle: string },
): Misfit {
  const body = definition('gateway.networking.k8s.io', plural, options);
  return {
    collection: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    body: {
      ...body,
      metadata: {
        ...body.metadata,
        annotations: {
          'api-approved.kubernetes.io':
            'https://github.com/kubernetes-sigs/gateway-api/pull/3328',
          'gateway.networking.k8s.io/bundle-version': options.bundle,
          'gateway.networking.k8s.io/channel': 'experimental',
        },
      },
    },
  };
}

function namespace(name: string, labels: Record<string, string>): Misfit {
  return {
    collection: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
  };
}

function envoyFilter(name: string, configPatches: object[]): Misfit {
  const misfit = networking('envoyfilters', 'EnvoyFilter', name, {
    workloadSelector: { labels: { app: WORKLOAD } },
    configPatches,
  });
  return {
    collection: misfit.collection.replace('/v1/', '/v1alpha3/'),
    body: { ...misfit.body, apiVersion: 'networking.istio.io/v1alpha3' },
  };
}

function patch(
  applyTo: string,
  operation: string,
  value: object,
  match: object = {},
): object {
  return {
    applyTo,
    match: { context: 'SIDECAR_INBOUND', ...match },
    patch: { operation, value },
  };
}

function listener(filter: string): object {
  return { listener: { filterChain: { filter: { name: filter } } } };
}

function networking(
  plural: string,
  kind: string,
  name: string,
  spec: object,
): Misfit {
  return {
    collection: `/apis/networking.istio.io/v1/namespaces/${MISFITS}/${plural}`,
    body: {
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name, namespace: MISFITS },
      spec,
    },
  };
}

function deployment(
  name: string,
  options: {
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    replicas?: number;
    container?: { name: string; image: string };
  },
  inNamespace = MISFITS,
): Misfit {
  const {
    annotations,
    labels,
    replicas = 1,
    container = { name: 'app', image: 'app' },
  } = options;
  return {
    collection: `/apis/apps/v1/namespaces/${inNamespace}/deployments`,
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: inNamespace },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name, ...labels }, annotations },
          spec: { containers: [container] },
        },
      },
    },
  };
}

function definition(
  group: string,
  plural: string,
  { kind, versions }: { kind: string; versions: string[] },
): Misfit['body'] {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { plural, kind, listKind: `${kind}List` },
      scope: 'Namespaced',
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
          },
        },
      })),
    },
  };
}
