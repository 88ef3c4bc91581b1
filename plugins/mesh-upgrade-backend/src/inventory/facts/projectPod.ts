import type { SidecarForm } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  Container,
  ContainerStatus,
  Pod,
  PodSpec,
  PodStatus,
} from 'kubernetes-types/core/v1';
import type { KubernetesObject } from '../../clusters/types';
import { versionOfImage } from '../rules/image';
import { controllerOf } from './controllerOf';
import type { PodFact, ProxyResources } from './types';

export const PROXY_CONTAINER = 'istio-proxy';

/** Variable by which the injector tells the proxy its mesh. */
const MESH_ID = 'ISTIO_META_MESH_ID';

/** A pod as the API server sends it. */
export type RawPod = KubernetesObject & { spec?: PodSpec; status?: PodStatus };

/** Waiting reasons of a container that is simply starting. */
const STARTING = new Set(['ContainerCreating', 'PodInitializing']);

/** Keeps of a pod what its workload's row needs. */
export function projectPod({ metadata, spec, status }: RawPod): PodFact {
  const proxy = findProxy(spec);
  const image = proxy && runningImage(proxy.container, status);
  const phase = status?.phase ?? 'Unknown';
  return {
    uid: metadata.uid ?? '',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    owner: controllerOf(metadata),
    live:
      phase !== 'Succeeded' &&
      phase !== 'Failed' &&
      metadata.deletionTimestamp === undefined,
    phase,
    ready:
      status?.conditions?.some(
        c => c.type === 'Ready' && c.status === 'True',
      ) ?? false,
    node: spec?.nodeName,
    sidecar: proxy?.form ?? ambientForm(metadata),
    image,
    version: versionOfImage(image),
    revision: metadata.annotations?.['istio.io/rev'],
    resources: proxy && proxyResources(proxy.container),
    createdAt: metadata.creationTimestamp ?? '',
    meshId: proxy?.container.env?.find(({ name }) => name === MESH_ID)?.value,
    problem: podProblem(status),
    istiodImage:
      metadata.labels?.app === 'istiod'
        ? spec?.containers?.[0]?.image
        : undefined,
  };
}

/** A native sidecar is an init container of the same name. */
function findProxy(
  spec: Pod['spec'],
): { container: Container; form: SidecarForm } | undefined {
  const container = spec?.containers?.find(c => c.name === PROXY_CONTAINER);
  if (container) {
    return { container, form: 'container' };
  }
  const native = spec?.initContainers?.find(c => c.name === PROXY_CONTAINER);
  return native && { container: native, form: 'native' };
}

/**
 * The image in the status is what runs; the one in the spec may have been
 * edited since. Some runtimes report an id, a digest or another tag of the
 * same content: then only the spec tells the version.
 */
function runningImage(
  container: Container,
  status: PodStatus | undefined,
): string | undefined {
  const running = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
  ].find(c => c.name === container.name)?.image;
  return versionOfImage(running) === undefined ? container.image : running;
}

function ambientForm(metadata: KubernetesObject['metadata']): SidecarForm {
  return metadata.annotations?.['ambient.istio.io/redirection'] === 'enabled'
    ? 'ambient'
    : 'none';
}

function proxyResources({ resources }: Container): ProxyResources | undefined {
  const requests = cpuAndMemory(resources?.requests);
  const limits = cpuAndMemory(resources?.limits);
  return requests || limits ? { requests, limits } : undefined;
}

function cpuAndMemory(
  quantities: Record<string, string> | undefined,
): { cpu?: string; memory?: string } | undefined {
  return quantities?.cpu || quantities?.memory
    ? { cpu: quantities.cpu, memory: quantities.memory }
    : undefined;
}

function podProblem(status: PodStatus | undefined): string | undefined {
  if (status?.reason) {
    return words(status.reason, status.message);
  }
  const unschedulable = status?.conditions?.find(
    c => c.type === 'PodScheduled' && c.status === 'False',
  );
  if (unschedulable) {
    return words(
      unschedulable.reason ?? 'Unschedulable',
      unschedulable.message,
    );
  }
  return [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]
    .map(containerProblem)
    .find(problem => problem !== undefined);
}

function containerProblem({
  name,
  state,
}: ContainerStatus): string | undefined {
  const waiting = state?.waiting;
  if (waiting?.reason && !STARTING.has(waiting.reason)) {
    return `${name}: ${words(waiting.reason, waiting.message)}`;
  }
  const terminated = state?.terminated;
  if (terminated && terminated.exitCode !== 0) {
    return `${name}: ${words(
      terminated.reason ?? 'Error',
      terminated.message ?? `exit code ${terminated.exitCode}`,
    )}`;
  }
  return undefined;
}

function words(reason: string, message: string | undefined): string {
  return message ? `${reason}: ${message}` : reason;
}
