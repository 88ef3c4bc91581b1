import type { ClusterAccess } from '../../../ClusterAccess';
import { askInjector, type Injection } from './askInjector';
import {
  isLive,
  isReady,
  isTroubled,
  proxyImageOf,
  proxyOf,
  sidecarForm,
  tagOf,
  versionOf,
} from './pods';
import type { Snapshot, TopWorkload } from './Snapshot';
import type { KubeObject, Pod } from './types';

/** What is compared of a pod. */
export interface ExpectedPod {
  name: string;
  uid: string;
  phase: string;
  ready: boolean;
  node?: string;
  sidecar: string;
  version?: string;
  image?: string;
  revision?: string;
  createdAt?: string;
  troubled: boolean;
}

/** What is compared of a workload. */
export interface ExpectedWorkload {
  id: string;
  status: string;
  sidecar: string;
  revision?: string;
  desiredVersion?: string;
  versions: { version: string; pods: number }[];
  pods: { total: number; ready: number; injected: number; abnormal: number };
  outdated: boolean;
  method: string;
  resources?: object;
  services?: string[];
  podList: ExpectedPod[];
  /** Of the object and of its pods, for who owns it. */
  labels: Record<string, string>;
}

/** Images of Istio itself and of its operator: not what sidecars are for. */
const ISTIO_IMAGE = /\/(pilot|install-cni|ztunnel|sail-operator)(-[a-z]+)?[:@]/;
const KUBERNETES = ['kube-system', 'kube-public', 'kube-node-lease'];

const INJECT = 'sidecar.istio.io/inject';
const PIN = 'sidecar.istio.io/proxyImage';
const GATEWAY = 'gateway.networking.k8s.io/gateway-name';
const DATAPLANE = 'istio.io/dataplane-mode';

/** Every workload that a mesh could be about, by what the objects of the cluster and its injector say. */
export async function expectWorkloads(
  cluster: ClusterAccess,
  snapshot: Snapshot,
): Promise<ExpectedWorkload[]> {
  const expected: ExpectedWorkload[] = [];
  for (const workload of snapshot.workloads.filter(isOfInterest)) {
    expected.push(await expectWorkload(cluster, snapshot, workload));
  }
  return expected;
}

function isOfInterest({ object, template, pods }: TopWorkload): boolean {
  const isOver =
    object.status?.phase === 'Succeeded' ||
    (object.status?.conditions as { type: string; status: string }[])?.some(
      ({ type, status }) =>
        ['Complete', 'Failed'].includes(type) && status === 'True',
    );
  return (
    !KUBERNETES.includes(object.metadata.namespace!) &&
    !template.spec.containers.some(({ image }) => ISTIO_IMAGE.test(image!)) &&
    (!isOver || pods.some(isLive))
  );
}

async function expectWorkload(
  cluster: ClusterAccess,
  { namespaces, services }: Snapshot,
  { object, template, pods }: TopWorkload,
): Promise<ExpectedWorkload> {
  const space = object.metadata.namespace!;
  const injection = await askInjector(cluster, space, template);
  const live = pods
    .filter(isLive)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const labels = template.metadata?.labels ?? {};
  const mode =
    labels[DATAPLANE] ??
    namespaces.find(({ metadata }) => metadata.name === space)?.metadata
      .labels?.[DATAPLANE];
  const ownProxy = template.spec.containers.find(
    ({ name, image }) => name === 'istio-proxy' && image !== 'auto',
  );
  // istiod writes the Deployments of such gateways: their proxies are no sidecars.
  const isDeployedByIstiod = ownProxy && labels[GATEWAY] !== undefined;
  const injected = live.filter(
    pod => !isDeployedByIstiod && proxyOf(pod) !== undefined,
  );
  const status = isDeployedByIstiod
    ? 'excluded'
    : ownProxy
    ? 'injected'
    : expectStatus({
        injection,
        live,
        injected,
        mode,
        refused: await isRefused(cluster, space, template),
      });
  const newest = [...injected].sort((a, b) =>
    a.metadata.creationTimestamp! < b.metadata.creationTimestamp! ? 1 : -1,
  )[0];
  return {
    id: [cluster.name, space, object.kind, object.metadata.name].join('/'),
    status,
    sidecar: newest
      ? sidecarForm(newest)
      : mode === 'ambient'
      ? 'ambient'
      : 'none',
    revision: injection?.revision,
    desiredVersion: injection?.version,
    versions: countVersions(injected),
    pods: {
      total: live.length,
      ready: live.filter(isReady).length,
      injected: injected.length,
      abnormal:
        live.filter(isTroubled).length +
        pods.filter(pod => pod.status.phase === 'Failed').length,
    },
    outdated:
      injection?.version !== undefined &&
      injected
        .map(pod => versionOf(proxyImageOf(pod)))
        .some(
          version => version !== undefined && version !== injection.version,
        ),
    method:
      object.kind === 'Deployment' &&
      !object.spec?.paused &&
      ['injected', 'pendingRestart'].includes(status) &&
      injection?.version !== undefined &&
      !ownProxy &&
      template.metadata?.annotations?.[PIN] === undefined
        ? 'restart'
        : 'none',
    resources: resourcesOf(injected),
    services: services
      .filter(
        ({ metadata, spec }) =>
          metadata.namespace === space &&
          spec?.selector !== undefined &&
          Object.entries(spec.selector).every(
            ([key, value]) => labels[key] === value,
          ),
      )
      .map(({ metadata }) => metadata.name)
      .sort(),
    podList: live.map(describePod),
    labels: { ...labels, ...object.metadata.labels },
  };
}

function expectStatus(seen: {
  injection: Injection | undefined;
  live: Pod[];
  injected: Pod[];
  mode: string | undefined;
  refused: boolean;
}): string {
  const { injection, live, injected, mode, refused } = seen;
  if (injection) {
    return injected.length === live.length &&
      injected.every(pod => revisionOf(pod) === injection.revision)
      ? 'injected'
      : 'pendingRestart';
  }
  if (injected.length > 0) {
    return 'pendingRestart';
  }
  return refused && mode !== 'ambient' ? 'excluded' : 'uninjected';
}

/** By its author, or because of the host's network while it would be injected without it. */
async function isRefused(
  cluster: ClusterAccess,
  namespace: string,
  { metadata, spec }: TopWorkload['template'],
): Promise<boolean> {
  const asked = metadata?.labels?.[INJECT] ?? metadata?.annotations?.[INJECT];
  return (
    asked === 'false' ||
    (spec.hostNetwork === true &&
      (await askInjector(cluster, namespace, {
        metadata,
        spec: { ...spec, hostNetwork: false },
      })) !== undefined)
  );
}

function describePod(pod: Pod): ExpectedPod {
  const image = proxyImageOf(pod);
  return {
    name: pod.metadata.name,
    uid: pod.metadata.uid,
    phase: pod.status.phase,
    ready: isReady(pod),
    node: pod.spec.nodeName,
    sidecar: sidecarForm(pod),
    version: tagOf(image),
    image,
    revision: revisionOf(pod),
    createdAt: pod.metadata.creationTimestamp,
    troubled: isTroubled(pod),
  };
}

function revisionOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.['istio.io/rev'];
}

function countVersions(injected: Pod[]): { version: string; pods: number }[] {
  const versions = injected.map(pod => tagOf(proxyImageOf(pod)) ?? 'unknown');
  return [...new Set(versions)].sort().map(version => ({
    version,
    pods: versions.filter(one => one === version).length,
  }));
}

/** CPU and memory of the proxy itself. */
function resourcesOf(injected: Pod[]): object | undefined {
  const { resources } = injected.map(proxyOf).find(proxy => proxy) ?? {};
  const cpuAndMemory = (list: Record<string, string> | undefined) =>
    list && (list.cpu || list.memory)
      ? { cpu: list.cpu, memory: list.memory }
      : undefined;
  const requests = cpuAndMemory(resources?.requests);
  const limits = cpuAndMemory(resources?.limits);
  return requests || limits ? { requests, limits } : undefined;
}
