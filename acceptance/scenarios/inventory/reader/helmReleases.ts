import { gunzipSync } from 'node:zlib';
import type { ClusterAccess } from '../../../ClusterAccess';
import type { KubeObject } from './types';

/** A release as the administrator of a cluster knows it. */
export interface HelmRelease {
  namespace: string;
  name: string;
  revision: number;
  chart: string;
  chartVersion: string;
}

/** As `helm list` tells; of a simulated cluster the Secrets are unpacked, in which Helm would look. */
export async function helmReleases(
  cluster: ClusterAccess,
): Promise<HelmRelease[]> {
  return cluster.tools
    ? listed(await cluster.tools.helm('list', '--all-namespaces', '-o', 'json'))
    : unpacked(cluster);
}

/** Helm joins name and version of the chart by a hyphen. */
function listed(output: string): HelmRelease[] {
  const releases: {
    name: string;
    namespace: string;
    revision: string;
    chart: string;
  }[] = JSON.parse(output);
  return releases.map(({ name, namespace, revision, chart }) => ({
    namespace,
    name,
    revision: Number(revision),
    chart: chart.replace(/-\d.*$/, ''),
    chartVersion: chart.replace(/^\D*-/, ''),
  }));
}

async function unpacked(cluster: ClusterAccess): Promise<HelmRelease[]> {
  const { items } = await cluster.get<{
    items: (KubeObject & { data: { release: string } })[];
  }>('/api/v1/secrets');
  return items
    .filter(
      ({ metadata }) =>
        metadata.labels?.owner === 'helm' &&
        metadata.labels.status === 'deployed',
    )
    .map(({ metadata, data }) => {
      const text = Buffer.from(data.release, 'base64').toString();
      const { name, version, chart } = JSON.parse(
        gunzipSync(Buffer.from(text, 'base64')).toString(),
      );
      return {
        namespace: metadata.namespace!,
        name,
        revision: version,
        chart: chart.metadata.name,
        chartVersion: chart.metadata.version,
      };
    });
}
