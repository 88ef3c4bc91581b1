import { isNotFound, type ClusterAccess } from '../../../ClusterAccess';
import { KINDS, type Kind } from './kinds';
import type { KubeObject, OwnerReference, Pod, PodTemplate } from './types';

/** An object at the top of a chain of owners, and the pods at its end. */
export interface TopWorkload {
  object: KubeObject;
  template: PodTemplate;
  pods: Pod[];
}

/** What one cluster holds at one moment. */
export interface Snapshot {
  cluster: string;
  namespaces: KubeObject[];
  pods: Pod[];
  services: KubeObject[];
  deployments: KubeObject[];
  daemonSets: KubeObject[];
  /** Configurations of the API server that call an injector. */
  injectors: KubeObject[];
  injectorConfigs: (KubeObject & { data: Record<string, string> })[];
  workloads: TopWorkload[];
}

/** Lists everything; pods are joined to workloads by their owner references. */
export async function takeSnapshot(cluster: ClusterAccess): Promise<Snapshot> {
  const objects: KubeObject[] = [];
  for (const kind of KINDS) {
    const items = await list<KubeObject>(cluster, kind.collection);
    objects.push(...items.map(item => ({ ...item, kind: kind.kind })));
  }
  const pods = (await list<Pod>(cluster, '/api/v1/pods')).map(pod => ({
    ...pod,
    kind: 'Pod',
  }));
  const configs = await list<Snapshot['injectorConfigs'][number]>(
    cluster,
    '/api/v1/configmaps',
  );
  const webhooks = await list<KubeObject & { webhooks?: { name: string }[] }>(
    cluster,
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  );
  return {
    cluster: cluster.name,
    injectors: webhooks.filter(one =>
      one.webhooks?.some(({ name }) =>
        name.endsWith('sidecar-injector.istio.io'),
      ),
    ),
    namespaces: await list<KubeObject>(cluster, '/api/v1/namespaces'),
    pods,
    services: await list<KubeObject>(cluster, '/api/v1/services'),
    deployments: objects.filter(({ kind }) => kind === 'Deployment'),
    daemonSets: objects.filter(({ kind }) => kind === 'DaemonSet'),
    injectorConfigs: configs.filter(({ metadata }) =>
      /^istio-sidecar-injector(-|$)/.test(metadata.name),
    ),
    workloads: join(objects, pods),
  };
}

function join(objects: KubeObject[], pods: Pod[]): TopWorkload[] {
  const byUid = new Map(objects.map(one => [one.metadata.uid, one]));
  const podsOf = new Map<string, Pod[]>();
  const alone: Pod[] = [];
  for (const pod of pods) {
    let owner = controllerOf(pod);
    let top: KubeObject | undefined;
    while (owner && isRead(owner)) {
      top = byUid.get(owner.uid);
      owner = top && controllerOf(top);
    }
    if (top) {
      podsOf.set(top.metadata.uid, [
        ...(podsOf.get(top.metadata.uid) ?? []),
        pod,
      ]);
    } else if (!isRead(controllerOf(pod))) {
      alone.push(pod);
    }
  }
  return [
    ...objects
      .filter(object => !isRead(controllerOf(object)))
      .map(object => ({
        object,
        template: templateOf(object),
        pods: podsOf.get(object.metadata.uid) ?? [],
      })),
    ...alone.map(pod => ({
      object: pod,
      template: beforeInjection(pod),
      pods: [pod],
    })),
  ];
}

function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}

function isRead(owner: OwnerReference | undefined): boolean {
  return KINDS.some(
    ({ kind, group }: Kind) =>
      kind === owner?.kind &&
      group === owner.apiVersion.split('/').slice(0, -1).join(),
  );
}

function templateOf(object: KubeObject): PodTemplate {
  const { template } = KINDS.find(({ kind }) => kind === object.kind)!;
  return template
    .split('.')
    .reduce<any>((value, key) => value?.[key], object) as PodTemplate;
}

/** A pod as somebody wrote it, so that it can be injected once more. */
function beforeInjection({ metadata, spec }: Pod): PodTemplate {
  const { annotations = {} } = metadata;
  const isInjected = 'sidecar.istio.io/status' in annotations;
  const own = (name: string) => !/^istio-(proxy|init|validation)$/.test(name);
  return {
    metadata: {
      labels: metadata.labels,
      annotations: Object.fromEntries(
        Object.entries(annotations).filter(
          ([key]) => !['sidecar.istio.io/status', 'istio.io/rev'].includes(key),
        ),
      ),
    },
    spec: isInjected
      ? {
          ...spec,
          nodeName: undefined,
          containers: spec.containers.filter(({ name }) => own(name)),
          initContainers: spec.initContainers?.filter(({ name }) => own(name)),
        }
      : { ...spec, nodeName: undefined },
  };
}

async function list<T>(cluster: ClusterAccess, path: string): Promise<T[]> {
  try {
    return (await cluster.get<{ items: T[] }>(path)).items;
  } catch (error) {
    // Not every cluster has the kinds of others.
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}
