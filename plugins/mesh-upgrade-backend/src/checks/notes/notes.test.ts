import { aMesh } from '../__testUtils__/fakes';
import { emptyLists, UPGRADE_NOTES, type NoteLists, type NoteWorld } from '.';

const NOTES = UPGRADE_NOTES.flatMap(({ minor, notes }) =>
  notes.map(note => ({ minor, note })),
);

function world(
  lists: Partial<NoteLists> = {},
  mesh: Partial<NoteWorld['mesh']> = {},
): NoteWorld {
  return {
    lists: { ...emptyLists(), ...lists },
    mesh: { ...aMesh({ clusterNames: ['prod-eu'] }), ...mesh },
    cluster: 'prod-eu',
  };
}

const ambient: Partial<NoteWorld['mesh']> = {
  components: [
    {
      kind: 'ztunnel',
      cluster: 'prod-eu',
      namespace: 'istio-system',
      name: 'ztunnel',
      desired: 1,
      ready: 1,
      problems: [],
    },
  ],
};

function named(name: string, more: object = {}, namespace = 'shop') {
  return { metadata: { namespace, name, ...more } };
}

function spec(name: string, value: unknown, namespace = 'shop') {
  return { ...named(name, {}, namespace), spec: value };
}

function istiod(env: Record<string, string> = {}) {
  return spec(
    'istiod',
    {
      template: {
        spec: {
          containers: [
            {
              name: 'discovery',
              env: Object.entries(env).map(([name, value]) => ({
                name,
                value,
              })),
            },
          ],
        },
      },
    },
    'istio-system',
  );
}

function cni(data: Record<string, string>) {
  return { ...named('istio-cni-config', {}, 'istio-system'), data };
}

function definition(name: string, versions: string[]) {
  return {
    metadata: { name },
    spec: { versions: versions.map(each => ({ name: each, served: true })) },
  };
}

function running(image: string): Partial<NoteWorld['mesh']> {
  const mesh = aMesh({ clusterNames: ['prod-eu'] });
  return {
    clusters: mesh.clusters.map(each => ({
      ...each,
      controlPlanes: [
        {
          cluster: 'prod-eu',
          namespace: 'istio-system',
          name: 'istiod',
          revision: 'default',
          image,
          desiredReplicas: 1,
          readyReplicas: 1,
          updatedReplicas: 1,
          install: { method: 'helm', evidence: [] },
          problems: [],
        },
      ],
    })),
  };
}

/** By id of the note: a world that it concerns with the objects hit, and worlds it does not concern. */
const CASES: Record<
  string,
  { hit: [NoteWorld, string[]]; spared: NoteWorld[] }
> = {
  'inference-pool-v1': {
    hit: [world({ alphaInferencePools: [named('llm')] }), ['llm']],
    spared: [world()],
  },
  'ambient-passthrough': {
    hit: [
      world(
        {
          serviceEntries: [
            spec('implied', {}),
            spec('said', { resolution: 'NONE' }),
            spec('dns', { resolution: 'DNS' }),
          ],
        },
        ambient,
      ),
      ['implied', 'said'],
    ],
    spared: [world({ serviceEntries: [spec('implied', {})] })],
  },
  'backend-tls-policy-v1': {
    hit: [
      world({
        alphaBackendTlsPolicies: [named('tls')],
        definitions: [
          definition('backendtlspolicies.gateway.networking.k8s.io', [
            'v1alpha3',
          ]),
        ],
      }),
      ['tls'],
    ],
    spared: [
      world({
        alphaBackendTlsPolicies: [named('tls')],
        definitions: [
          definition('backendtlspolicies.gateway.networking.k8s.io', [
            'v1alpha3',
            'v1',
          ]),
        ],
      }),
    ],
  },
  'metric-rotation': {
    hit: [
      world({ istiods: [istiod({ METRIC_ROTATION_INTERVAL: '1h' })] }),
      ['istiod'],
    ],
    spared: [world({ istiods: [istiod({ OTHER: '1h' })] })],
  },
  'gateway-spans': {
    hit: [
      world({
        istiods: [istiod()],
        telemetries: [
          spec('traces', { tracing: [{}] }),
          spec('logs', { accessLogging: [{}] }),
        ],
      }),
      ['traces'],
    ],
    spared: [
      world({
        istiods: [istiod({ PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false' })],
        telemetries: [spec('traces', { tracing: [{}] })],
      }),
    ],
  },
  'stats-compression': {
    hit: [
      world({
        statefulSets: [
          spec('db', {
            template: {
              metadata: {
                annotations: { 'sidecar.istio.io/statsCompression': 'gzip' },
              },
            },
          }),
        ],
        deployments: [spec('cart', { template: {} })],
      }),
      ['db'],
    ],
    spared: [world({ deployments: [spec('cart', undefined)] })],
  },
  'ambient-dns-capture': {
    hit: [
      world({
        cniConfigs: [
          cni({ AMBIENT_ENABLED: 'true', AMBIENT_DNS_CAPTURE: 'false' }),
        ],
      }),
      ['istio-cni-config'],
    ],
    spared: [
      world({
        cniConfigs: [
          cni({ AMBIENT_ENABLED: 'true', AMBIENT_DNS_CAPTURE: 'true' }),
          cni({ AMBIENT_ENABLED: 'false' }),
        ],
      }),
    ],
  },
  'ambient-dry-run-authorization': {
    hit: [
      world(
        {
          istiods: [
            istiod({ AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: 'true' }),
          ],
          authorizationPolicies: [
            named('dry', { annotations: { 'istio.io/dry-run': 'true' } }),
            named('wet'),
          ],
        },
        ambient,
      ),
      ['dry'],
    ],
    spared: [
      world(
        {
          istiods: [istiod()],
          authorizationPolicies: [
            named('dry', { annotations: { 'istio.io/dry-run': 'true' } }),
          ],
        },
        ambient,
      ),
    ],
  },
  'debug-endpoint-authorization': {
    hit: [
      world({
        istiods: [istiod()],
        deployments: [
          named('kiali', { labels: { app: 'kiali' } }, 'observability'),
          named('kiali', { labels: { app: 'kiali' } }, 'istio-system'),
        ],
      }),
      ['kiali'],
    ],
    spared: [
      world({
        istiods: [istiod({ ENABLE_DEBUG_ENDPOINT_AUTH: 'false' })],
        deployments: [
          named('kiali', { labels: { app: 'kiali' } }, 'observability'),
        ],
      }),
    ],
  },
  'circuit-breaker-metrics': {
    hit: [
      world({
        destinationRules: [
          spec('limited', {
            subsets: [{ trafficPolicy: { connectionPool: {} } }],
          }),
          spec('plain', { trafficPolicy: { tls: {} } }),
        ],
      }),
      ['limited'],
    ],
    spared: [
      world({
        istiods: [istiod({ DISABLE_TRACK_REMAINING_CB_METRICS: 'false' })],
        destinationRules: [
          spec('limited', { trafficPolicy: { connectionPool: {} } }),
        ],
      }),
    ],
  },
  'ambient-reconcile': {
    hit: [
      world({
        cniConfigs: [
          cni({
            AMBIENT_ENABLED: 'true',
            AMBIENT_RECONCILE_POD_RULES_ON_STARTUP: 'false',
          }),
        ],
      }),
      ['istio-cni-config'],
    ],
    spared: [
      world({
        cniConfigs: [
          cni({
            AMBIENT_ENABLED: 'true',
            AMBIENT_RECONCILE_POD_RULES_ON_STARTUP: 'true',
          }),
        ],
      }),
    ],
  },
  'gateway-api-1.5': {
    hit: [
      world({
        alphaTlsRoutes: [named('passthrough')],
        definitions: [
          definition('tlsroutes.gateway.networking.k8s.io', ['v1alpha2']),
        ],
      }),
      ['passthrough'],
    ],
    spared: [
      world({
        alphaTlsRoutes: [named('passthrough')],
        definitions: [
          definition('tlsroutes.gateway.networking.k8s.io', ['v1', 'v1alpha2']),
        ],
      }),
    ],
  },
  'service-namespace': {
    hit: [
      world({
        services: [named('cart')],
        serviceEntries: [
          spec(
            'same-as-service',
            { hosts: ['cart.shop.svc.cluster.local'] },
            'a',
          ),
          spec('twice', { hosts: ['api.example.com'] }, 'a'),
          spec('twice', { hosts: ['api.example.com'] }, 'b'),
          spec('once', { hosts: ['other.example.com'] }, 'b'),
          spec('own', { hosts: ['cart.shop.svc.cluster.local'] }),
          spec('odd', { hosts: 'none' }),
        ],
      }),
      ['own', 'same-as-service', 'twice', 'twice'],
    ],
    spared: [
      world({
        services: [named('cart')],
        serviceEntries: [
          spec('own', { hosts: ['cart.shop.svc.cluster.local'] }),
        ],
      }),
      world({
        istiods: [
          istiod({ PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false' }),
        ],
        serviceEntries: [
          spec('twice', { hosts: ['api.example.com'] }, 'a'),
          spec('twice', { hosts: ['api.example.com'] }, 'b'),
        ],
      }),
    ],
  },
  'cni-excluded-namespaces': {
    hit: [
      world({
        cniConfigs: [
          cni({
            AMBIENT_ENABLED: 'true',
            EXCLUDE_NAMESPACES: 'kube-system, legacy',
          }),
        ],
        namespaces: [
          named('legacy', { labels: { 'istio.io/dataplane-mode': 'ambient' } }),
          named('kube-system'),
          named('shop', { labels: { 'istio.io/dataplane-mode': 'ambient' } }),
        ],
      }),
      ['legacy'],
    ],
    spared: [
      world({
        cniConfigs: [cni({ EXCLUDE_NAMESPACES: 'legacy' })],
        namespaces: [
          named('legacy', { labels: { 'istio.io/dataplane-mode': 'ambient' } }),
        ],
      }),
    ],
  },
  'retry-budget-percent': {
    hit: [
      world({
        destinationRules: [
          spec('implied', { trafficPolicy: { retryBudget: {} } }),
          spec('said', { trafficPolicy: { retryBudget: { percent: 5 } } }),
        ],
      }),
      ['implied'],
    ],
    spared: [world({ destinationRules: [spec('none', {})] })],
  },
  'untaint-controller': {
    hit: [
      world({
        istiods: [istiod({ PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS: 'true' })],
      }),
      ['istiod'],
    ],
    spared: [world({ istiods: [istiod()] })],
  },
  'retired-registries': {
    hit: [world({}, running('gcr.io/istio-release/pilot:1.30.3')), ['istiod']],
    spared: [world({}, running('docker.io/istio/pilot:1.30.3'))],
  },
  'auto-registered-workload-entries': {
    hit: [
      world(
        {
          workloadEntries: [
            named('vm', {
              annotations: { 'istio.io/autoRegistrationGroup': 'vms' },
            }),
            named('fresh', {
              annotations: { 'istio.io/autoRegistrationGroup': 'vms' },
              labels: { 'networking.istio.io/tunnel': 'http' },
            }),
            named('by-hand'),
          ],
        },
        ambient,
      ),
      ['vm'],
    ],
    spared: [
      world({
        workloadEntries: [
          named('vm', {
            annotations: { 'istio.io/autoRegistrationGroup': 'vms' },
          }),
        ],
      }),
    ],
  },
  'gateway-spans-always': {
    hit: [
      world({
        istiods: [istiod({ PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false' })],
      }),
      ['istiod'],
    ],
    spared: [world({ istiods: [istiod()] })],
  },
  'strict-gateway-merging': {
    hit: [
      world({
        gateways: [named('edge', {}, 'edge')],
        istioGateways: [
          spec('foreign', {
            selector: { 'gateway.networking.k8s.io/gateway-name': 'edge' },
          }),
          spec(
            'own',
            { selector: { 'gateway.networking.k8s.io/gateway-name': 'edge' } },
            'edge',
          ),
          spec('by-hand', { selector: { istio: 'ingressgateway' } }),
        ],
      }),
      ['foreign'],
    ],
    spared: [
      world({
        istiods: [istiod({ PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false' })],
        gateways: [named('edge', {}, 'edge')],
        istioGateways: [
          spec('foreign', {
            selector: { 'gateway.networking.k8s.io/gateway-name': 'edge' },
          }),
        ],
      }),
    ],
  },
};

describe('upgrade notes', () => {
  it('are complete and tell where Istio says so', () => {
    const ids = NOTES.map(({ note }) => note.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { minor, note } of NOTES) {
      expect(note.link.url).toContain(
        `https://istio.io/latest/news/releases/1.${minor}.x/`,
      );
      for (const text of [note.title, note.change, note.remedy]) {
        expect(text).not.toBe('');
      }
      expect(note.title).not.toMatch(/\.$/);
    }
  });

  it('have a world that each detector finds and one that it spares', () => {
    expect(Object.keys(CASES).sort()).toEqual(
      NOTES.filter(({ note }) => note.detector)
        .map(({ note }) => note.id)
        .sort(),
    );
  });

  it.each(Object.entries(CASES))('%s', (id, { hit, spared }) => {
    const { detector } = NOTES.find(({ note }) => note.id === id)!.note;
    const [concerned, names] = hit;
    expect(
      detector!
        .detect(concerned)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
    for (const each of [...spared, world()]) {
      expect(detector!.detect(each)).toEqual([]);
    }
  });

  it.each(Object.entries(CASES))(
    '%s reads all that it looks at',
    (id, { hit }) => {
      const { detector } = NOTES.find(({ note }) => note.id === id)!.note;
      const [concerned, names] = hit;
      const read = { ...emptyLists() };
      detector!.reads.forEach(each => {
        read[each] = concerned.lists[each];
      });
      expect(detector!.detect({ ...concerned, lists: read })).toHaveLength(
        names.length,
      );
    },
  );
});
