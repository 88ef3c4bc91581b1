import type { Cluster } from '../../cluster/Cluster';
import { isActive, isReady, PROXY_CONTAINER } from '../../kubernetes/pods';
import { PODS } from '../../kubernetes/resources';
import type { Pod } from '../../kubernetes/types';
import { tagOfImage } from '../../registry/manifests';

const REVISION = 'istio.io/rev';
/** Clusters, endpoints, listeners and routes: each proxy was given each of them once. */
const PUSHED = ['cds', 'eds', 'lds', 'rds'];

/** What one istiod counts of its proxies, in the text that Prometheus scrapes: its share of those of its revision. */
export function istiodMetrics(cluster: Cluster, istiod: Pod): string {
  const revision = istiod.metadata.labels?.[REVISION];
  const pods = cluster.store.list(PODS).filter(isReady).filter(isActive);
  const replicas = pods
    .filter(
      pod =>
        pod.spec.containers.some(({ name }) => name === 'discovery') &&
        pod.metadata.labels?.[REVISION] === revision,
    )
    .map(pod => pod.metadata.name)
    .sort();
  const share = replicas.indexOf(istiod.metadata.name);
  const versions = pods
    .filter(pod => pod.metadata.annotations?.[REVISION] === revision)
    .flatMap(proxyVersion)
    .filter((_, index) => index % replicas.length === share);
  const counts = new Map<string, number>();
  for (const version of versions) {
    counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  const tag = tagOfImage(
    istiod.spec.containers.find(({ name }) => name === 'discovery')?.image ??
      '',
  );
  return [
    '# HELP istio_build Istio component build info',
    '# TYPE istio_build gauge',
    `istio_build{component="pilot",tag="${tag ?? 'unknown'}"} 1`,
    '# HELP pilot_xds Number of endpoints connected to this pilot using XDS.',
    '# TYPE pilot_xds gauge',
    ...[...counts].map(
      ([version, count]) => `pilot_xds{version="${version}"} ${count}`,
    ),
    '# HELP pilot_xds_pushes Pilot build and send errors for lds, rds, cds and eds.',
    '# TYPE pilot_xds_pushes counter',
    ...PUSHED.map(
      type => `pilot_xds_pushes{type="${type}"} ${versions.length}`,
    ),
    '',
  ].join('\n');
}

function proxyVersion({ spec }: Pod): string[] {
  const proxy = [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === PROXY_CONTAINER,
  );
  return proxy ? [tagOfImage(proxy.image) ?? 'unknown'] : [];
}
