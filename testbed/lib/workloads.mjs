import { TestbedError } from './errors.mjs';
import { KubeApi } from './kube-api.mjs';
import { poll } from './poll.mjs';

const PART_OF = 'app.kubernetes.io/part-of';

/** A Deployment as a team would have it: found by Backstage through its labels. */
export function deployment({ name, namespace, replicas }) {
  const labels = {
    app: name,
    [PART_OF]: namespace,
    'backstage.io/kubernetes-id': name,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'app',
              image: `example.com/${name}:1.0.0`,
              ports: [{ containerPort: 8080 }],
            },
          ],
        },
      },
    },
  };
}

/** The image of the pod's proxy, whether it is a container or a native sidecar; undefined without one. */
export function proxyImage({ spec }) {
  return [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === 'istio-proxy',
  )?.image;
}

function isReady({ metadata, status }) {
  return (
    !metadata.deletionTimestamp &&
    Boolean(
      status.conditions?.some(
        ({ type, status: value }) => type === 'Ready' && value === 'True',
      ),
    )
  );
}

/** Creates `count` Deployments in an injected namespace and waits until every pod is Ready with a sidecar; returns the pods. */
export async function createWorkloads(
  cluster,
  { namespace, count, replicas = 1 },
) {
  if (!cluster.istiod)
    throw new TestbedError(
      `cluster ${cluster.name} has no Istio, so nothing would be injected`,
    );
  const api = new KubeApi(cluster);
  try {
    await api.ensure('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } },
    });
    for (let index = 1; index <= count; index += 1) {
      const body = deployment({
        name: `${namespace}-app-${index}`,
        namespace,
        replicas,
      });
      await api.ensure(
        `/apis/apps/v1/namespaces/${namespace}/deployments`,
        body,
      );
    }
    const selector = encodeURIComponent(`${PART_OF}=${namespace}`);
    return await poll(
      `${count * replicas} Ready pods with sidecars in ${
        cluster.name
      }/${namespace}`,
      async () => {
        const { items } = await api.get(
          `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`,
        );
        const ready = items.filter(isReady);
        if (ready.length < count * replicas) return undefined;
        const bare = ready.find(pod => !proxyImage(pod));
        if (bare)
          throw new TestbedError(
            `pod ${namespace}/${bare.metadata.name} runs without a sidecar`,
          );
        return ready;
      },
      { timeoutMs: 60_000 + count * replicas * 100, intervalMs: 300 },
    );
  } finally {
    api.close();
  }
}
