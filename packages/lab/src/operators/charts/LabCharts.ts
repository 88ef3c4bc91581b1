import { createHash } from 'node:crypto';
import type { Cluster } from '../../cluster/Cluster';
import { releaseSecretName } from '../../controlPlane/helmRelease';
import {
  deployedRelease,
  recordRelease,
  releaseVersions,
} from '../../controlPlane/releases';
import { renderChart } from '../../controlPlane/renderChart';
import { RESOURCES, SECRETS } from '../../kubernetes/resources';
import { tagsOf } from '../../registry/repositories';
import type { ChartRelease, Charts, ChartSource } from './Charts';

const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

/** The charts of the lab's registry, rendered into one of its clusters. */
export class LabCharts implements Charts {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async digest({ url, version }: ChartSource): Promise<string | undefined> {
    const chart = url.replace(/\/+$/, '').split('/').pop() ?? '';
    return tagsOf(`charts/${chart}`)?.includes(version)
      ? `sha256:${createHash('sha256')
          .update(`${chart}:${version}`)
          .digest('hex')}`
      : undefined;
  }

  async upgrade(release: ChartRelease): Promise<void> {
    const { name, namespace, chart, version, values } = release;
    const failed = this.#cluster
      .knobs()
      .failedCharts?.find(
        one => one.chart === chart && (one.version ?? version) === version,
      );
    if (failed) {
      throw new Error(failed.message);
    }
    renderChart(this.#cluster, {
      chart,
      release: name,
      namespace,
      version,
      values,
      marks: release,
    });
    if (!release.application) {
      recordRelease(this.#cluster, {
        name,
        namespace,
        chart,
        version,
        config: values,
      });
    }
  }

  async uninstall(release: { name: string; namespace: string }) {
    const { store } = this.#cluster;
    if (!deployedRelease(this.#cluster, release.namespace, release.name)) {
      return;
    }
    for (const resource of RESOURCES) {
      store
        .list(resource)
        .filter(
          ({ metadata: { annotations = {} } }) =>
            annotations[RELEASE_NAME] === release.name &&
            annotations[RELEASE_NAMESPACE] === release.namespace,
        )
        .forEach(({ metadata }) =>
          store.remove(resource, metadata.namespace, metadata.name),
        );
    }
    releaseVersions(this.#cluster, release.namespace, release.name).forEach(
      version =>
        store.remove(
          SECRETS,
          release.namespace,
          releaseSecretName(release.name, version),
        ),
    );
  }
}
