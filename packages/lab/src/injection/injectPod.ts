import type { Cluster } from '../cluster/Cluster';
import { injectorConfigMapName, ISTIO_NAMESPACE } from '../controlPlane/names';
import { matchesPod } from '../knobs/Knobs';
import { ApiError } from '../kubernetes/errors';
import { PROXY_CONTAINER } from '../kubernetes/pods';
import { CONFIG_MAPS } from '../kubernetes/resources';
import type {
  ConfigMap,
  Container,
  Draft,
  IstioValues,
  Pod,
  PodSpec,
  StringMap,
} from '../kubernetes/types';
import { findInjector } from './revisions';

/** Since 1.28 a proxy becomes a native sidecar by itself where every kubelet can run one. */
const NATIVE_SINCE_ISTIO = 28;
const NATIVE_SINCE_KUBERNETES = 33;
const NEVER_INJECTED = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
];

/**
 * The pod as the injector returns it: unchanged when nothing injects it. `former` makes the
 * proxy one that an earlier control plane, or another revision, injected.
 */
export function injectPod(
  cluster: Cluster,
  pod: Draft<Pod>,
  former: { tag?: string; revision?: string } = {},
): Draft<Pod> {
  const { namespace = 'default', labels, annotations } = pod.metadata;
  const injector = findInjector(cluster, namespace, labels);
  if (
    !injector ||
    pod.spec.hostNetwork ||
    NEVER_INJECTED.includes(namespace) ||
    (labels?.['sidecar.istio.io/inject'] ??
      annotations?.['sidecar.istio.io/inject']) === 'false' ||
    matchesPod(cluster.knobs().missingInjection, {
      namespace,
      name: pod.metadata.name ?? pod.metadata.generateName ?? '',
      labels,
    })
  ) {
    return pod;
  }
  const config = cluster.store.get(
    CONFIG_MAPS,
    ISTIO_NAMESPACE,
    injectorConfigMapName(injector.revision),
  );
  if (!config) {
    return pod;
  }
  const values = injectorValues(config);
  return addProxy(
    cluster,
    pod,
    former.tag
      ? { ...values, global: { ...values.global, tag: former.tag } }
      : values,
    former.revision ?? injector.revision,
  );
}

/** The chart values inside an injector ConfigMap; throws as the API server does when its webhook cannot read them. */
export function injectorValues(config: ConfigMap): IstioValues {
  try {
    return JSON.parse(config.data?.values ?? '{}');
  } catch (error) {
    throw new ApiError(
      500,
      'InternalError',
      `Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": could not parse configuration values: ${
        (error as Error).message
      }`,
    );
  }
}

/** The image an injector with these values puts into pods. */
export function proxyImage(values: IstioValues, type?: string): string {
  const { hub, tag = '', variant, proxy } = values.global ?? {};
  const suffix = type ?? variant;
  return `${hub}/${proxy?.image ?? 'proxyv2'}:${tag}${
    suffix && suffix !== 'default' ? `-${suffix}` : ''
  }`;
}

function addProxy(
  cluster: Cluster,
  pod: Draft<Pod>,
  values: IstioValues,
  revision: string,
): Draft<Pod> {
  const { annotations = {}, labels = {} } = pod.metadata;
  const image =
    annotations['sidecar.istio.io/proxyImage'] ??
    proxyImage(values, annotations['sidecar.istio.io/proxyImageType']);
  const native = isNative(cluster, values, annotations);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: podLabels(labels),
      annotations: {
        ...annotations,
        'istio.io/rev': revision,
        'sidecar.istio.io/status': JSON.stringify({
          initContainers: ['istio-init', ...(native ? [PROXY_CONTAINER] : [])],
          containers: native ? null : [PROXY_CONTAINER],
          volumes: [
            'istio-envoy',
            'istio-data',
            'istio-podinfo',
            'istio-token',
          ],
          imagePullSecrets: null,
          revision,
        }),
      },
    },
    spec: injectedSpec(pod.spec, image, native),
  };
}

function podLabels(labels: StringMap): StringMap {
  const name = labels['app.kubernetes.io/name'] ?? labels.app;
  return {
    ...labels,
    'security.istio.io/tlsMode': 'istio',
    ...(name && { 'service.istio.io/canonical-name': name }),
    'service.istio.io/canonical-revision':
      labels['app.kubernetes.io/version'] ?? labels.version ?? 'latest',
  };
}

function isNative(
  cluster: Cluster,
  values: IstioValues,
  annotations: StringMap,
): boolean {
  const wish = annotations['sidecar.istio.io/nativeSidecar'];
  if (wish !== undefined) {
    return wish === 'true';
  }
  const istioMinor = Number(values.global?.tag?.split('.')[1]);
  return (
    cluster.kubernetesMinor >= NATIVE_SINCE_KUBERNETES &&
    istioMinor >= NATIVE_SINCE_ISTIO
  );
}

// Pods of one template share the injected spec, which keeps a hundred thousand of them small.
const injectedSpecs = new WeakMap<PodSpec, Map<string, PodSpec>>();

function injectedSpec(spec: PodSpec, image: string, native: boolean): PodSpec {
  let variants = injectedSpecs.get(spec);
  if (!variants) {
    variants = new Map();
    injectedSpecs.set(spec, variants);
  }
  const key = `${native} ${image}`;
  let injected = variants.get(key);
  if (!injected) {
    injected = buildSpec(spec, image, native);
    variants.set(key, injected);
  }
  return injected;
}

function buildSpec(spec: PodSpec, image: string, native: boolean): PodSpec {
  const own = spec.containers.find(({ name }) => name === PROXY_CONTAINER);
  const volumes = [
    { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
    { name: 'istio-data', emptyDir: {} },
    { name: 'istio-podinfo', downwardAPI: {} },
    { name: 'istio-token', projected: {} },
    ...(spec.volumes ?? []),
  ];
  if (own) {
    // A container of that name in the template is a gateway (`auto`) or an injection by hand.
    return {
      ...spec,
      volumes,
      containers: spec.containers.map(container =>
        container === own && own.image === 'auto'
          ? { ...proxyContainer(image), ...own, image }
          : container,
      ),
    };
  }
  const proxy = proxyContainer(image);
  const init: Container = {
    name: 'istio-init',
    image,
    args: ['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337'],
    resources: proxy.resources,
    securityContext: {
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
    },
  };
  return {
    ...spec,
    volumes,
    initContainers: [
      init,
      ...(native ? [{ ...proxy, restartPolicy: 'Always' }] : []),
      ...(spec.initContainers ?? []),
    ],
    containers: native ? spec.containers : [proxy, ...spec.containers],
  };
}

function proxyContainer(image: string): Container {
  return {
    name: PROXY_CONTAINER,
    image,
    args: [
      'proxy',
      'sidecar',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
    ],
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '2', memory: '1Gi' },
    },
    readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 } },
    securityContext: { runAsUser: 1337, runAsGroup: 1337 },
    volumeMounts: [
      { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
      { name: 'istio-data', mountPath: '/var/lib/istio/data' },
      { name: 'istio-podinfo', mountPath: '/etc/istio/pod' },
      { name: 'istio-token', mountPath: '/var/run/secrets/tokens' },
    ],
  };
}
