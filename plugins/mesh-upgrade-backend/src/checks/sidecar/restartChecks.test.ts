import { KubernetesError } from '../../clusters/KubernetesError';
import {
  injectorWebhooksObject,
  namespaceObject,
} from '../../inventory/__testUtils__/objects';
import type { ImageAnswer } from '../../versions/types';
import { aMesh } from '../__testUtils__/fakes';
import {
  findingsOf,
  istiodObject,
  newPod,
  nodeObject,
  PROXY_IMAGE,
  runningPod,
  titlesOf,
  type RestartScene,
} from './__testUtils__/restartScene';
import { sidecarChecks } from './index';

function checksWith(answer: Partial<ImageAnswer> = {}) {
  return sidecarChecks({
    inventory: { mesh: async id => aMesh({ id, clusterNames: ['prod-eu'] }) },
    versions: {
      images: async (_mesh, version) => [
        {
          component: 'proxyv2',
          image: `docker.io/istio/proxyv2:${version}`,
          state: 'present',
          platforms: ['linux/amd64'],
          labels: {},
          source: 'docker.io/istio/proxyv2',
          ...answer,
        },
      ],
    },
  });
}

function check(id: string, answer?: Partial<ImageAnswer>) {
  const found = checksWith(answer).find(each => each.id === id);
  if (!found) {
    throw new Error(`There is no check ${id}`);
  }
  return found;
}

const forbidden = (what: string) =>
  new KubernetesError({
    cluster: 'prod-eu',
    action: what,
    status: 403,
    reason: 'Forbidden',
    serverMessage: `${what} is forbidden`,
  });

const own = (name: string, spec: object, status: object = {}) => ({
  metadata: { name, namespace: 'shop' },
  spec,
  status,
});
const CART = { selector: { matchLabels: { app: 'cart' } } };
const tagged = (tag: string, revision: string) => ({
  namespaces: [namespaceObject('shop', { 'istio.io/rev': tag })],
  mutatingwebhookconfigurations: [injectorWebhooksObject({ revision, tag })],
});
const cni = (
  ready: number,
  desired: number,
  version = '1.30.3',
): RestartScene => ({
  objects: {
    daemonsets: [
      {
        metadata: { name: 'istio-cni-node', namespace: 'istio-system' },
        spec: {
          template: {
            spec: {
              containers: [
                { name: 'install-cni', image: `r/install-cni:${version}` },
              ],
            },
          },
        },
        status: { numberReady: ready, desiredNumberScheduled: desired },
      },
    ],
  },
});
const filter = (proxyVersion: string, more: object = {}): RestartScene => ({
  objects: {
    envoyfilters: [
      own('lua', {
        configPatches: [{ match: { proxy: { proxyVersion } } }],
        ...more,
      }),
    ],
  },
});
function calledByUrl() {
  const object = injectorWebhooksObject();
  object.webhooks!.forEach(webhook => {
    webhook.clientConfig = { url: 'https://istiod.example:15017/inject' };
  });
  return object;
}
const oneNode = { objects: { nodes: [nodeObject('node-1')] } };
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        topologyKey: 'kubernetes.io/hostname',
        labelSelector: { matchLabels: { app: 'cart' } },
      },
    ],
  },
};

/** By id of the check: what it finds in a world that is well, and what it finds when something is not. */
const CASES: Record<
  string,
  {
    well: string[];
    wellWhen?: Record<string, RestartScene>;
    bad: [scene: RestartScene, ...findings: string[]][];
  }
> = {
  'injection-labels': {
    well: ['passed: New pods are to get a sidecar'],
    bad: [
      [
        { objects: { namespaces: [namespaceObject('shop')] } },
        'blocker: A restart would remove the sidecar',
      ],
      [
        { pod: { hostNetwork: true } },
        'blocker: A restart would remove the sidecar',
      ],
      [
        { labels: { 'sidecar.istio.io/inject': 'false' } },
        'blocker: A restart would remove the sidecar',
      ],
    ],
  },
  'conflicting-labels': {
    well: ['passed: No labels contradict each other'],
    bad: [
      [
        {
          objects: {
            namespaces: [
              namespaceObject('shop', {
                'istio-injection': 'enabled',
                'istio.io/rev': 'canary',
              }),
            ],
          },
        },
        'warning: istio-injection decides, istio.io/rev is ignored',
      ],
    ],
  },
  'manual-injection': {
    well: ['passed: The control plane adds the proxy'],
    wellWhen: {
      'the image is for istiod to fill in': {
        pod: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
      },
    },
    bad: [
      [
        { pod: { containers: [{ name: 'istio-proxy', image: PROXY_IMAGE }] } },
        'blocker: The pod template fixes the proxy: a restart keeps it',
      ],
      [
        {
          pod: {
            containers: [],
            initContainers: [{ name: 'istio-proxy', image: PROXY_IMAGE }],
          },
        },
        'blocker: The pod template fixes the proxy: a restart keeps it',
      ],
    ],
  },
  'pinned-image': {
    well: ['passed: Nothing pins the proxy image'],
    wellWhen: {
      'the pin is the wanted version': {
        annotations: { 'sidecar.istio.io/proxyImage': PROXY_IMAGE },
      },
      "the template is Istio's own": {
        annotations: { 'inject.istio.io/templates': 'gateway' },
      },
    },
    bad: [
      [
        {
          annotations: {
            'sidecar.istio.io/proxyImage': 'r/proxyv2:1.28.0',
          },
        },
        'blocker: An annotation pins the proxy image: a restart keeps it',
      ],
      [
        { annotations: { 'inject.istio.io/templates': 'sidecar, spire' } },
        'consent: A custom injection template decides about the proxy',
      ],
    ],
  },
  'revision-change': {
    well: ['passed: Revision default stays'],
    bad: [
      [
        { trial: newPod({ revision: 'canary' }) },
        'consent: New pods are served by revision canary',
      ],
    ],
  },
  'revision-tag': {
    well: [],
    bad: [
      [
        { objects: tagged('prod', 'default') },
        'passed: Tag prod leads to revision default',
      ],
      [
        { objects: tagged('prod', 'gone') },
        'blocker: Tag prod points to revision gone, of which no istiod runs',
      ],
      [
        {
          objects: {
            ...tagged('prod', 'default'),
            deployments: [
              istiodObject({ version: '1.29.4' }),
              istiodObject({ revision: 'canary' }),
            ],
          },
        },
        'warning: Tag prod still points to the older revision default',
      ],
      // A remote cluster has no istiod at all.
      [
        { objects: { ...tagged('prod', 'default'), deployments: [] } },
        'passed: Tag prod leads to revision default',
      ],
    ],
  },
  'version-skew': {
    well: ['passed: The versions are close enough'],
    bad: [
      [
        { workload: { versions: [{ version: '1.31.0', pods: 1 }] } },
        'blocker: The running proxy 1.31.0 is newer than 1.30.3: a restart would lower it',
      ],
      [
        { workload: { versions: [{ version: '1.28.2', pods: 1 }] } },
        'warning: 1.28.2 is 2 minors behind its control plane',
      ],
      [
        { workload: { versions: [{ version: '1.29.4-mspider', pods: 1 }] } },
        'blocker: 1.29.4-mspider and 1.30.3 are of different families',
      ],
    ],
  },
  'native-sidecar': {
    well: ['passed: The sidecar keeps its form'],
    bad: [
      [
        { trial: newPod({ native: true }) },
        'info: The sidecar becomes a native sidecar (an init container that stays)',
      ],
    ],
  },
  'istiod-ready': {
    well: ['passed: The istiod of revision default is ready'],
    wellWhen: {
      'it is called by URL': {
        objects: { mutatingwebhookconfigurations: [calledByUrl()] },
      },
      'nobody keeps its endpoints': { objects: { endpointslices: [] } },
      'the endpoints may not be read': {
        client: {
          async *list({ resource }: any) {
            if (resource === 'endpointslices') {
              throw forbidden('list endpointslices');
            }
            const items: Record<string, object[]> = {
              namespaces: [
                namespaceObject('shop', { 'istio-injection': 'enabled' }),
              ],
              mutatingwebhookconfigurations: [injectorWebhooksObject()],
              deployments: [istiodObject()],
            };
            yield { items: items[resource] as any, resourceVersion: '1' };
          },
        },
      },
    },
    bad: [
      [
        { objects: { deployments: [istiodObject({ available: 0 })] } },
        'blocker: No istiod of revision default answers: new pods would be refused',
      ],
      [
        {
          objects: {
            endpointslices: [
              {
                metadata: { name: 'istiod-1', namespace: 'istio-system' },
                endpoints: [{ conditions: { ready: false } }],
              },
            ],
          },
        },
        'blocker: No istiod of revision default answers: new pods would be refused',
      ],
      [
        {
          objects: {
            deployments: [istiodObject({ replicas: 3, available: 2 })],
          },
        },
        'warning: The istiod of revision default is not complete',
      ],
      [
        { objects: { deployments: [] } },
        'info: The istiod of revision default runs outside of the cluster',
      ],
    ],
  },
  'istiod-version': {
    well: ['passed: istiod runs 1.30.3, as it injects'],
    bad: [
      [
        { objects: { deployments: [istiodObject({ version: '1.29.4' })] } },
        'blocker: istiod runs 1.29.4, but injects 1.30.3',
      ],
      [
        { objects: { deployments: [istiodObject({ version: 'latest' })] } },
        'unknown: The version of istiod cannot be read from its image',
      ],
    ],
  },
  'cni-ready': {
    well: [],
    bad: [
      [cni(2, 2), 'passed: The CNI agent is ready on every node'],
      [cni(2, 2, '1.29.4'), 'passed: The CNI agent is ready on every node'],
      [cni(1, 2), 'warning: The CNI agent is ready on 1 of 2 nodes only'],
      [
        cni(0, 2),
        'blocker: The CNI agent is ready on no node: new pods would not start',
      ],
      [cni(2, 2, '1.31.0'), 'blocker: The CNI agent 1.31.0 is ahead of 1.30.3'],
      [
        cni(2, 2, '1.28.0'),
        'blocker: The CNI agent 1.28.0 is too far behind of 1.30.3',
      ],
    ],
  },
  'kubernetes-support': {
    well: ['passed: Istio 1.30.3 supports Kubernetes 1.34.0'],
    bad: [
      [
        {
          client: {
            version: async () => ({
              gitVersion: 'v1.20.1',
              major: '1',
              minor: '20',
            }),
          },
        },
        'warning: Istio 1.30.3 does not support Kubernetes 1.20.1',
      ],
    ],
  },
  'envoyfilter-version': {
    well: ['passed: No EnvoyFilter starts or stops to apply'],
    wellWhen: {
      'the pattern fits both': filter('^1\\.'),
      'the filter selects others': filter('^1\\.29', {
        workloadSelector: { labels: { app: 'other' } },
      }),
      'it is about gateways': {
        objects: {
          envoyfilters: [
            own('gw', {
              configPatches: [
                {
                  match: {
                    context: 'GATEWAY',
                    proxy: { proxyVersion: '^1\\.29' },
                  },
                },
              ],
            }),
          ],
        },
      },
    },
    bad: [
      [
        filter('^1\\.29\\..*'),
        'warning: EnvoyFilter shop/lua stops to apply with 1.30.3',
      ],
      [
        filter('^1\\.30'),
        'warning: EnvoyFilter shop/lua starts to apply with 1.30.3',
      ],
      [
        filter('('),
        'warning: EnvoyFilter shop/lua has a version pattern that cannot be read, so nobody can say whether it applies with 1.30.3',
      ],
    ],
  },
  'pull-secrets': {
    well: ['passed: The proxy comes from the same registry'],
    bad: [
      [
        {
          trial: newPod({ proxy: { image: 'registry.istio.io/p:1.30.3' } }),
        },
        'warning: The proxy is pulled from registry.istio.io for the first time',
      ],
    ],
  },
  'restart-permission': {
    well: ['passed: It may be restarted from here'],
    wellWhen: {
      'it may in this namespace only': {
        client: {
          accessReview: async ({ namespace }) => ({
            allowed: namespace === 'shop',
          }),
        },
      },
    },
    bad: [
      [
        {
          client: {
            accessReview: async () => ({ allowed: false, reason: 'no role' }),
          },
        },
        'blocker: This backend may not restart it',
      ],
    ],
  },
  'paused-rollout': {
    well: ['passed: It is not paused'],
    bad: [
      [
        { spec: { paused: true } },
        'blocker: It is paused, so a restart would not start',
      ],
    ],
  },
  'rollout-in-progress': {
    well: ['passed: No other rollout is going on'],
    wellWhen: {
      'pods are missing long after the last rollout': {
        status: {
          observedGeneration: 3,
          replicas: 2,
          updatedReplicas: 2,
          availableReplicas: 1,
          conditions: [
            {
              type: 'Progressing',
              status: 'True',
              reason: 'NewReplicaSetAvailable',
            },
          ],
        },
      },
    },
    bad: [
      [
        { metadata: { generation: 4 } },
        'blocker: Another rollout is going on or stuck',
      ],
      [
        {
          status: {
            observedGeneration: 3,
            replicas: 3,
            updatedReplicas: 1,
            availableReplicas: 2,
          },
        },
        'blocker: Another rollout is going on or stuck',
      ],
      [
        {
          status: {
            observedGeneration: 3,
            replicas: 3,
            updatedReplicas: 2,
            availableReplicas: 3,
          },
        },
        'blocker: Another rollout is going on or stuck',
      ],
      [
        {
          status: {
            observedGeneration: 3,
            replicas: 2,
            updatedReplicas: 2,
            availableReplicas: 2,
            conditions: [
              {
                type: 'Progressing',
                status: 'False',
                reason: 'ProgressDeadlineExceeded',
              },
            ],
          },
        },
        'blocker: Another rollout is going on or stuck',
      ],
    ],
  },
  'zero-replicas': {
    well: ['passed: It has pods to restart'],
    bad: [
      [
        { spec: { replicas: 0 } },
        'info: It is scaled to zero: there is nothing to restart',
      ],
    ],
  },
  'pods-unhealthy': {
    well: ['passed: All of its pods are available'],
    bad: [
      [{ status: { availableReplicas: 1 } }, 'warning: It is degraded already'],
      [
        {
          workload: {
            podList: [runningPod({ problem: 'app: CrashLoopBackOff' })],
          },
        },
        'warning: It is degraded already',
      ],
    ],
  },
  'update-strategy': {
    well: ['passed: Pods are replaced step by step'],
    bad: [
      [
        { spec: { strategy: { type: 'Recreate' } } },
        'consent: All pods go before the first new one comes',
      ],
      [
        {
          spec: { updateStrategy: { rollingUpdate: { partition: 1 } } },
        },
        'warning: Pods below ordinal 1 stay as they are',
      ],
    ],
  },
  'single-replica': {
    well: ['passed: Another pod serves meanwhile'],
    wellWhen: {
      'a second pod comes first': { spec: { replicas: 1 } },
    },
    bad: [
      [
        {
          spec: {
            replicas: 1,
            strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          },
        },
        'consent: Its only pod goes before the new one comes',
      ],
      [
        { spec: { replicas: 1 }, workload: { kind: 'StatefulSet' } },
        'consent: Its only pod goes before the new one comes',
      ],
    ],
  },
  'disruption-budget': {
    well: ['passed: The restart keeps to the disruption budgets'],
    wellWhen: {
      'the budget allows as many': {
        spec: { replicas: 4 },
        objects: {
          poddisruptionbudgets: [own('b', CART, { disruptionsAllowed: 1 })],
        },
      },
      'the budget is for others': {
        spec: { replicas: 4 },
        objects: {
          poddisruptionbudgets: [
            own('b', { selector: { matchLabels: { app: 'other' } } }),
          ],
        },
      },
    },
    bad: [
      [
        {
          spec: { replicas: 4 },
          objects: {
            poddisruptionbudgets: [own('b', CART, { disruptionsAllowed: 0 })],
          },
        },
        'warning: A disruption budget does not hold a rolling update back',
      ],
      [
        {
          objects: {
            poddisruptionbudgets: [
              own('a', CART, { disruptionsAllowed: 1 }),
              own('b', { selector: {} }, { disruptionsAllowed: 1 }),
            ],
          },
        },
        'warning: Several disruption budgets select its pods',
      ],
    ],
  },
  'readiness-probe': {
    well: ['passed: New pods prove that they are ready'],
    wellWhen: {
      'each pod is given time': {
        spec: { minReadySeconds: 10 },
        pod: { containers: [{ name: 'app' }] },
      },
      'only the proxy has none': {
        pod: {
          containers: [
            { name: 'app', readinessProbe: {} },
            { name: 'istio-proxy', image: 'auto' },
          ],
        },
      },
    },
    bad: [
      [
        { pod: { containers: [{ name: 'app' }] } },
        'warning: The rollout goes on before the application is known to be ready',
      ],
    ],
  },
  'drain-time': {
    well: ['passed: The proxy has time to drain'],
    bad: [
      [
        { pod: { terminationGracePeriodSeconds: 5 } },
        'warning: Pods are killed while their proxy still drains',
      ],
      [
        {
          annotations: {
            'proxy.istio.io/config': 'terminationDrainDuration: 1m',
          },
        },
        'warning: Pods are killed while their proxy still drains',
      ],
      // What istiod hands to the proxy holds the settings of the mesh, too.
      [
        {
          trial: newPod({
            proxy: {
              env: [
                {
                  name: 'PROXY_CONFIG',
                  value: '{"terminationDrainDuration":"45s"}',
                },
              ],
            },
          }),
        },
        'warning: Pods are killed while their proxy still drains',
      ],
    ],
  },
  'progress-deadline': {
    well: ['passed: The rollout has time to progress'],
    bad: [
      [
        { spec: { progressDeadlineSeconds: 30 } },
        'info: Kubernetes gives up when no pod becomes available within 30 s',
      ],
    ],
  },
  'quota-headroom': {
    well: ['passed: The quotas hold the extra pods'],
    wellWhen: {
      'there is room': {
        objects: {
          resourcequotas: [
            own(
              'q',
              {},
              {
                hard: { 'requests.cpu': '1', pods: '10' },
                used: { 'requests.cpu': '100m', pods: '9' },
              },
            ),
          ],
        },
      },
      'the quota is for other pods': {
        objects: {
          resourcequotas: [
            own(
              'q',
              { scopes: ['BestEffort'] },
              { hard: { pods: '1' }, used: { pods: '1' } },
            ),
          ],
        },
      },
    },
    bad: [
      [
        {
          spec: { replicas: 8 },
          trial: newPod({
            proxy: { resources: { requests: { cpu: '100m' } } },
          }),
          objects: {
            resourcequotas: [
              own(
                'q',
                {},
                {
                  hard: { 'requests.cpu': '1' },
                  used: { 'requests.cpu': '850m' },
                },
              ),
            ],
          },
        },
        'warning: The quota does not hold 2 more pods',
      ],
    ],
  },
  'surge-capacity': {
    well: ['passed: There are nodes for its pods, as far as the nodes tell'],
    wellWhen: {
      'the pods tolerate the taint': {
        pod: { tolerations: [{ operator: 'Exists' }] },
        objects: {
          nodes: [
            nodeObject('n', {
              spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
            }),
          ],
        },
      },
      'an old pod may go first': {
        ...oneNode,
        spec: {
          replicas: 1,
          strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        },
        pod: { affinity: apart },
      },
    },
    bad: [
      ...[
        nodeObject('n', { ready: false }),
        nodeObject('n', { spec: { unschedulable: true } }),
        nodeObject('n', {
          spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
        }),
      ].map((node): [RestartScene, string] => [
        { objects: { nodes: [node] } },
        'warning: No node takes its pods',
      ]),
      [
        { pod: { nodeSelector: { zone: 'z' } } },
        'warning: No node takes its pods',
      ],
      [
        {
          pod: {
            containers: [
              { name: 'app', resources: { requests: { memory: '9Gi' } } },
            ],
          },
        },
        'warning: No node takes its pods',
      ],
      [
        {
          pod: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: [
                        { key: 'cores', operator: 'Gt', values: ['8'] },
                      ],
                    },
                  ],
                },
              },
            },
          },
        },
        'warning: No node takes its pods',
      ],
      [
        { pod: { affinity: apart } },
        'warning: No node is left for a pod beside the running ones',
      ],
    ],
  },
  'volumes-and-ports': {
    well: ['passed: New pods can start beside the old ones'],
    wellWhen: {
      'the volume is shared': {
        pod: {
          volumes: [
            { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
          ],
        },
        objects: {
          persistentvolumeclaims: [
            own('data', { accessModes: ['ReadWriteMany'] }),
          ],
        },
      },
    },
    bad: [
      [
        {
          pod: {
            volumes: [
              { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
            ],
          },
          objects: {
            persistentvolumeclaims: [
              own('data', { accessModes: ['ReadWriteOnce'] }),
            ],
          },
        },
        'consent: A new pod may not start beside the old one',
      ],
      [
        {
          pod: {
            containers: [
              { name: 'app', ports: [{ containerPort: 80, hostPort: 80 }] },
            ],
          },
        },
        'consent: A new pod may not start beside the old one',
      ],
    ],
  },
  autoscaler: {
    well: ['passed: No autoscaler stands in the way'],
    wellWhen: {
      'it has room': {
        objects: {
          horizontalpodautoscalers: [
            own(
              'a',
              {
                scaleTargetRef: { kind: 'Deployment', name: 'cart' },
                maxReplicas: 3,
              },
              { currentReplicas: 2 },
            ),
          ],
        },
      },
    },
    bad: [
      [
        {
          objects: {
            horizontalpodautoscalers: [
              own(
                'a',
                {
                  scaleTargetRef: { kind: 'Deployment', name: 'cart' },
                  maxReplicas: 2,
                },
                { currentReplicas: 2 },
              ),
            ],
          },
        },
        'warning: Its autoscaler is at its maximum',
      ],
      [
        {
          objects: {
            verticalpodautoscalers: [
              own('v', { targetRef: { kind: 'Deployment', name: 'cart' } }),
            ],
          },
        },
        'warning: Its vertical autoscaler evicts pods by itself',
      ],
    ],
  },
  'gitops-drift': {
    well: ['passed: Nobody is known to undo the restart'],
    bad: [
      [
        {
          metadata: {
            annotations: {
              'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:x/y',
            },
          },
        },
        'warning: Argo CD may undo the restart when it heals by itself',
      ],
      [
        {
          metadata: {
            labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' },
          },
        },
        'info: The restart is written in the name of Flux, which then leaves it alone',
      ],
      [
        {
          metadata: {
            ownerReferences: [
              { kind: 'Kafka', name: 'k', uid: 'u', controller: true },
            ],
          },
        },
        'warning: Kafka k controls it and may undo the restart',
      ],
    ],
  },
};

/** Checks with a test file or describe of their own. */
const ELSEWHERE = new Set([
  'hot-upgrade-conditions',
  'restart-method',
  'desired-version',
  'injection-dry-run',
  'webhook-trust',
  'proxy-image',
]);

describe('the checks of a restart', () => {
  it('are all looked at here or in a test of their own', () => {
    const ids = checksWith().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...Object.keys(CASES), ...ELSEWHERE].sort()).toEqual(ids.sort());
  });

  it.each(Object.keys(CASES))(
    '%s finds nothing where all is well',
    async id => {
      const { well, wellWhen = {} } = CASES[id];
      expect(await titlesOf(check(id))).toEqual(well);
      for (const [when, scene] of Object.entries(wellWhen)) {
        expect([when, await titlesOf(check(id), scene)]).toEqual([when, well]);
      }
    },
  );

  it.each(
    Object.entries(CASES).flatMap(([id, { bad }]) =>
      bad.map(([scene, ...findings]) => ({ id, findings, scene })),
    ),
  )('$id finds $findings', async ({ id, findings, scene }) => {
    const found = await findingsOf(check(id), scene);
    expect(found.map(each => `${each.severity}: ${each.title}`)).toEqual(
      findings,
    );
    for (const { severity, remedy, evidence } of found) {
      expect(remedy === '').toBe(severity === 'passed');
      expect(evidence.observed).not.toBe('');
    }
  });

  it('never find worse than they announce', async () => {
    const order = ['info', 'warning', 'consent', 'blocker'];
    for (const [id, { bad }] of Object.entries(CASES)) {
      const { worst } = check(id);
      const severities = bad.flatMap(([, ...findings]) =>
        findings.map(each => order.indexOf(each.split(':')[0])),
      );
      expect([id, order[Math.max(...severities)]]).toEqual([id, worst]);
    }
  });

  it('are not asked of a workload that is not restarted', async () => {
    const others = checksWith().filter(({ applies }) => applies);
    expect(others.length).toBeGreaterThan(30);
    for (const { applies } of others) {
      expect(
        applies!({ method: { kind: 'none', blockers: ['x'] } } as any),
      ).toBe(false);
    }
  });

  it('that depend on the trial pod leave its refusal to the trial', async () => {
    for (const id of ['revision-change', 'native-sidecar', 'pull-secrets']) {
      expect(
        await titlesOf(check(id), { trial: forbidden('create pods') }),
      ).toEqual([]);
    }
  });
});

describe('proxy-image', () => {
  const scene = { workload: { meshId: 'shop' } };

  it.each<[Partial<ImageAnswer>, string]>([
    [{}, 'passed: The registry holds the proxy image for the nodes'],
    [
      { state: 'absent', platforms: [], reason: 'manifest unknown' },
      'blocker: The registry does not hold the proxy image',
    ],
    [
      { platforms: ['linux/arm64'] },
      'blocker: There is no proxy image for nodes of linux/amd64',
    ],
    [
      { state: 'unknown', platforms: [], reason: 'timeout' },
      'unknown: The registry does not say whether it holds the proxy image',
    ],
  ])('of the answer %j says %s', async (answer, finding) => {
    const [found] = await findingsOf(check('proxy-image', answer), scene);
    expect(`${found.severity}: ${found.title}`).toBe(finding);
    // The nodes have their own way to the registry.
    expect(found.blocks).toBe(answer.state === 'unknown' ? false : undefined);
  });
});
