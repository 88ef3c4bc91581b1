import {
  CONFIG_MAPS,
  DAEMON_SETS,
  DEPLOYMENTS,
  ISTIOD_SELECTOR,
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

/** Who may use what is left; there are many of them. */
type Users = Pick<ClusterWorld, 'workloads' | 'proxies'>;

interface CronJob extends KubernetesObject {
  spec?: { jobTemplate?: { spec?: TemplatedWorkload['spec'] } };
}

/** Reads afresh what Istio has in a cluster, and who asks for it by the labels of a namespace. */
export async function readParts(
  client: KubernetesClient,
  { signal }: { signal: AbortSignal },
): Promise<Omit<ClusterWorld, keyof Users>> {
  const list = lister(client, signal);
  /** Clusters need not serve the kinds of the Sail operator. */
  const listServed = async <T extends KubernetesObject>(
    resource: ResourceType,
  ) => (await orUndefined(list<T>(resource))) ?? [];
  const [
    mutating,
    validating,
    services,
    configMaps,
    istiods,
    daemonSets,
    autoscalers,
    budgets,
    istios,
    istioRevisions,
    istioRevisionTags,
    namespaces,
  ] = await Promise.all([
    list<ClusterWorld['mutating'][number]>(MUTATING_WEBHOOKS),
    list<ClusterWorld['validating'][number]>(VALIDATING_WEBHOOKS),
    list<ClusterWorld['services'][number]>(SERVICES),
    list(CONFIG_MAPS, 'istio.io/rev'),
    list<TemplatedWorkload>(DEPLOYMENTS, ISTIOD_SELECTOR),
    list<TemplatedWorkload>(DAEMON_SETS),
    list<ClusterWorld['autoscalers'][number]>(AUTOSCALERS, ISTIOD_SELECTOR),
    list<ClusterWorld['budgets'][number]>(BUDGETS, ISTIOD_SELECTOR),
    listServed<ClusterWorld['istios'][number]>(ISTIOS),
    listServed<ClusterWorld['istios'][number]>(ISTIO_REVISIONS),
    listServed<ClusterWorld['istios'][number]>(ISTIO_REVISION_TAGS),
    list(NAMESPACES),
  ]);
  return {
    cluster: client.cluster,
    mutating,
    validating,
    services,
    configMaps,
    istiods,
    nodeAgents: daemonSets.filter(({ metadata }) =>
      /ztunnel|istio-cni/.test(metadata.name),
    ),
    autoscalers,
    budgets,
    istios,
    istioRevisions,
    istioRevisionTags,
    namespaces,
  };
}

/** Reads afresh every workload and every live proxy of a cluster; nothing is kept whole. */
export async function readUsers(
  client: KubernetesClient,
  { signal }: { signal: AbortSignal },
): Promise<Users> {
  const list = lister(client, signal);
  const [deployments, statefulSets, daemonSets, cronJobs, proxies] =
    await Promise.all([
      list<TemplatedWorkload>(DEPLOYMENTS),
      list<TemplatedWorkload>(STATEFUL_SETS),
      list<TemplatedWorkload>(DAEMON_SETS),
      list<CronJob>(CRON_JOBS),
      readProxies(client, signal),
    ]);
  return {
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

function lister(client: KubernetesClient, signal: AbortSignal) {
  return <T extends KubernetesObject>(
    resource: ResourceType,
    labelSelector?: string,
  ) => listAll<T>(client, resource, { labelSelector, signal });
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
