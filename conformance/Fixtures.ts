import { randomBytes } from 'node:crypto';
import type { ClusterClient } from '../plugins/mesh-upgrade-backend/src/clusters';
import { eventually } from './eventually';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  NAMESPACES,
  PODS,
  deployment,
  type ConfigMap,
  type Deployment,
  type Pod,
} from './objects';
import type { Platform } from './Platform';

/** What every case finds: two empty namespaces of its suite and what the injector is set to. */
export interface Fixtures {
  platform: Platform;
  /** Has the label that Istio injects by. */
  injected: string;
  /** Has no label. */
  plain: string;
  /** Image and revision that an injected pod gets. */
  proxyImage: string;
  revision: string;
}

async function proxyImage(client: ClusterClient): Promise<string> {
  const { data } = await client.get<ConfigMap>({
    ...CONFIG_MAPS,
    namespace: 'istio-system',
    name: 'istio-sidecar-injector',
  });
  const { global } = JSON.parse(data?.values ?? '{}');
  return `${global.hub}/${global.proxy.image}:${global.tag}`;
}

export async function createFixtures(
  platform: Platform,
  client: ClusterClient,
): Promise<Fixtures> {
  const suffix = randomBytes(4).toString('hex');
  const injected = `conformance-injected-${suffix}`;
  const plain = `conformance-plain-${suffix}`;
  const image = await proxyImage(client);
  const namespace = (name: string, labels: Record<string, string>) =>
    client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    });
  await namespace(injected, { 'istio-injection': 'enabled' });
  await namespace(plain, {});
  return { platform, injected, plain, proxyImage: image, revision: 'default' };
}

export async function removeFixtures(
  client: ClusterClient,
  { injected, plain }: Fixtures,
): Promise<void> {
  await client.delete({ ...NAMESPACES, name: injected });
  await client.delete({ ...NAMESPACES, name: plain });
}

/** The pods a selector finds, all pages together. */
export async function podsOf(
  client: ClusterClient,
  namespace: string,
  app: string,
): Promise<Pod[]> {
  const pods: Pod[] = [];
  for await (const page of client.list<Pod>(PODS, {
    namespace,
    labelSelector: `app=${app}`,
  })) {
    pods.push(...page.items);
  }
  return pods;
}

function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status?.conditions ?? []).some(
      ({ type, status: is }) => type === 'Ready' && is === 'True',
    )
  );
}

/** A Deployment whose pods are all Ready. */
export async function runDeployment(
  client: ClusterClient,
  namespace: string,
  name: string,
  replicas: number,
): Promise<{ deployment: Deployment; pods: Pod[] }> {
  const created = await client.create<Deployment>(
    { ...DEPLOYMENTS, namespace },
    deployment(name, replicas),
  );
  const pods = await eventually(
    `pods of ${namespace}/${name} Ready`,
    async () => {
      const found = (await podsOf(client, namespace, name)).filter(isReady);
      return found.length === replicas ? found : undefined;
    },
  );
  return { deployment: created, pods };
}
