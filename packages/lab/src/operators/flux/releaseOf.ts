import {
  HELM_REPOSITORIES,
  OCI_REPOSITORIES,
} from '../../kubernetes/resources';
import type { FluxHelmRelease } from '../../kubernetes/types';
import type { ChartRelease } from '../charts/Charts';
import type { OperatorCluster } from '../Operator';
import { readyCondition } from './conditions';

const SHORT_DIGEST = 12;

/** A chart that a HelmRelease asks for: to be installed, or not there yet. */
export type AskedChart =
  | {
      release: ChartRelease;
      /** With the digest where the chart comes from an OCIRepository. */
      chartVersion: string;
    }
  | { missing: string };

/** Which chart a HelmRelease asks for, through the source that it names. */
export async function askedChart(
  cluster: OperatorCluster,
  object: FluxHelmRelease,
): Promise<AskedChart> {
  const { chart, chartRef } = object.spec;
  if (chartRef) {
    return fromOciRepository(cluster, object, chartRef);
  }
  return chart
    ? fromHelmRepository(cluster, object, chart.spec)
    : { missing: 'neither spec.chart nor spec.chartRef is set' };
}

async function fromOciRepository(
  cluster: OperatorCluster,
  object: FluxHelmRelease,
  reference: NonNullable<FluxHelmRelease['spec']['chartRef']>,
): Promise<AskedChart> {
  const namespace = reference.namespace ?? object.metadata.namespace;
  const source = await cluster.get(OCI_REPOSITORIES, namespace, reference.name);
  const { status } = source ?? {};
  const ready = readyCondition(source);
  if (
    !source ||
    !status?.artifact ||
    status.observedGeneration !== source.metadata.generation ||
    ready?.status !== 'True'
  ) {
    return {
      missing: `OCIRepository '${namespace}/${reference.name}' is not ready${
        ready?.status === 'False' ? `: ${ready.message}` : ''
      }`,
    };
  }
  const [version] = status.artifact.revision.split('@');
  const { url } = source.spec;
  const digest = status.artifact.digest.replace('sha256:', '');
  return {
    chartVersion: `${version}+${digest.slice(0, SHORT_DIGEST)}`,
    release: releaseOf(object, {
      chart: url.replace(/\/+$/, '').split('/').pop() ?? '',
      version,
      url,
    }),
  };
}

async function fromHelmRepository(
  cluster: OperatorCluster,
  object: FluxHelmRelease,
  spec: NonNullable<FluxHelmRelease['spec']['chart']>['spec'],
): Promise<AskedChart> {
  const { chart, version = '', sourceRef } = spec;
  const namespace = sourceRef.namespace ?? object.metadata.namespace;
  const source = await cluster.get(
    HELM_REPOSITORIES,
    namespace,
    sourceRef.name,
  );
  if (!source) {
    return {
      missing: `HelmRepository '${namespace}/${sourceRef.name}' not found`,
    };
  }
  const url = `${source.spec.url.replace(/\/+$/, '')}/${chart}`;
  if ((await cluster.charts.digest({ url, version })) === undefined) {
    const { metadata } = object;
    return {
      missing: `HelmChart '${namespace}/${metadata.namespace}-${metadata.name}' is not ready: invalid chart reference: failed to get chart version for remote reference: no '${chart}' chart with version matching '${version}' found`,
    };
  }
  return {
    chartVersion: version,
    release: releaseOf(object, { chart, version, url }),
  };
}

function releaseOf(
  { metadata, spec }: FluxHelmRelease,
  chart: { chart: string; version: string; url: string },
): ChartRelease {
  const { name, namespace = '' } = metadata;
  return {
    ...chart,
    name: spec.releaseName ?? name,
    namespace: spec.targetNamespace ?? namespace,
    values: spec.values ?? {},
    labels: {
      'helm.toolkit.fluxcd.io/name': name,
      'helm.toolkit.fluxcd.io/namespace': namespace,
    },
  };
}
