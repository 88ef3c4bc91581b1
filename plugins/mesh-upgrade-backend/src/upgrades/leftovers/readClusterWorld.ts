import {
  CONFIG_MAPS,
  DAEMON_SETS,
  DEPLOYMENTS,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  SERVICES,
  STATEFUL_SETS,
  VALIDATING_WEBHOOKS,
  type TemplatedWorkload,
} from '../../checks/configuration/resources';
import { listAll } from '../../clusters/listAll';
import { orUndefined } from '../../clusters/notFound';
import type {
  KubernetesClient,
  KubernetesObject,
  ResourceType,
} from '../../clusters/types';
import { projectPod } from '../../inventory/facts/projectPod';
import { ISTIO_REVISION_TAGS, ISTIO_REVISIONS } from '../../kubernetes/sail';
import { ISTIOS, PODS } from '../../kubernetes/types';
import { AUTOSCALERS, BUDGETS } from './kinds';
import type { ClusterWorld, ProxyPod, Templated } from './types';

const CRON_JOBS: ResourceType = {
  group: 'batch',
  version: 'v1',
  resource: 'cronjobs',
};

interface CronJob extends KubernetesObject {
  spec?: { jobTemplate?: { spec?: TemplatedWorkload['spec'] } };
}

/** Reads afresh all that tells leftovers and their users; pods are not kept whole. */
export async function readClusterWorld(
  client: KubernetesClient,
  { signal }: { signal: AbortSignal },
): Promise<ClusterWorld> {
  const list = <T extends KubernetesObject>(
    resource: ResourceType,
    labelSelector?: string,
  ) => listAll<T>(client, resource, { labelSelector, signal });
  /** Clusters need not serve the kinds of the Sail operator. */
  const listServed = async <T extends KubernetesObject>(
    resource: ResourceType,
  ) => (await orUndefined(list<T>(resource))) ?? [];
  const [
    mutating,
    validating,
    services,
    configMaps,
    deployments,
    statefulSets,
    daemonSets,
    cronJobs,
    autoscalers,
    budgets,
    istios,
    istioRevisions,
    istioRevisionTags,
    namespaces,
    proxies,
  ] = await Promise.all([
    list<ClusterWorld['mutating'][number]>(MUTATING_WEBHOOKS),
    list<ClusterWorld['validating'][number]>(VALIDATING_WEBHOOKS),
    list<ClusterWorld['services'][number]>(SERVICES),
    list(CONFIG_MAPS, 'istio.io/rev'),
    list<TemplatedWorkload>(DEPLOYMENTS),
    list<TemplatedWorkload>(STATEFUL_SETS),
    list<TemplatedWorkload>(DAEMON_SETS),
    list<CronJob>(CRON_JOBS),
    list<ClusterWorld['autoscalers'][number]>(AUTOSCALERS, 'app=istiod'),
    list<ClusterWorld['budgets'][number]>(BUDGETS, 'app=istiod'),
    listServed<ClusterWorld['istios'][number]>(ISTIOS),
    listServed<ClusterWorld['istios'][number]>(ISTIO_REVISIONS),
    listServed<ClusterWorld['istios'][number]>(ISTIO_REVISION_TAGS),
    list(NAMESPACES),
    readProxies(client, signal),
  ]);
  return {
    cluster: client.cluster,
    mutating,
    validating,
    services,
    configMaps,
    istiods: deployments.filter(
      ({ metadata }) => metadata.labels?.app === 'istiod',
    ),
    nodeAgents: daemonSets.filter(({ metadata }) =>
      /ztunnel|istio-cni/.test(metadata.name),
    ),
    autoscalers,
    budgets,
    istios,
    istioRevisions,
    istioRevisionTags,
    namespaces,
    workloads: [
      ...templated('Deployment', deployments),
      ...templated('StatefulSet', statefulSets),
      ...templated('DaemonSet', daemonSets),
      ...templated(
        'CronJob',
        cronJobs.map(({ metadata, spec }) => ({
          metadata,
          spec: spec?.jobTemplate?.spec,
        })),
      ),
    ],
    proxies,
  };
}

async function readProxies(
  client: KubernetesClient,
  signal: AbortSignal,
): Promise<ProxyPod[]> {
  const proxies: ProxyPod[] = [];
  for await (const page of client.list(PODS, { signal })) {
    for (const pod of page.items.map(projectPod)) {
      const { live, sidecar, namespace, name, revision } = pod;
      if (live && (sidecar === 'container' || sidecar === 'native')) {
        proxies.push({ namespace, name, revision });
      }
    }
  }
  return proxies;
}

function templated(kind: string, workloads: TemplatedWorkload[]): Templated[] {
  return workloads.map(({ metadata, spec }) => ({
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    labels: spec?.template?.metadata?.labels ?? {},
  }));
}
