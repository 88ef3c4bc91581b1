import assert from 'node:assert/strict';
import type { World } from '../../../World';
import { clusterOf, istiodImage } from '../clusterState';

interface Pod {
  spec: Record<
    'containers' | 'initContainers',
    { name: string; image: string }[] | undefined
  >;
}

/** istiod runs a version, and a pod that is created now gets its proxy. */
export async function assertUpgraded(
  world: World,
  where: { cluster: string; namespace: string },
  version: string,
): Promise<void> {
  const image = await istiodImage(clusterOf(world, where.cluster));
  assert(
    image.endsWith(`/pilot:${version}`),
    `istiod of ${where.cluster}: ${image}`,
  );
  await assertInjected(world, where, version);
}

/** A pod that is created now, by a dry run, gets the proxy of a version. */
export async function assertInjected(
  world: World,
  { cluster, namespace }: { cluster: string; namespace: string },
  version: string,
): Promise<void> {
  const { spec } = await clusterOf(world, cluster).post<Pod>(
    `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'probe',
        labels: { 'sidecar.istio.io/inject': 'true' },
      },
      spec: { containers: [{ name: 'app', image: 'registry.k8s.io/pause' }] },
    },
  );
  const proxy = [
    ...(spec.containers ?? []),
    ...(spec.initContainers ?? []),
  ].find(({ name }) => name === 'istio-proxy');
  assert(
    proxy?.image.endsWith(`/proxyv2:${version}`),
    `a new pod in ${namespace} on ${cluster} gets ${proxy?.image}`,
  );
}
