import type { Cluster } from '../cluster/Cluster';
import { SECRETS } from '../kubernetes/resources';
import type { IstioValues, Secret } from '../kubernetes/types';
import { decodeRelease, encodeRelease, type HelmRelease } from './helmRelease';

/** The deployed version of a release; `undefined` when Helm knows none. */
export function deployedRelease(
  cluster: Cluster,
  namespace: string,
  name: string,
): HelmRelease | undefined {
  const secret = releaseSecrets(cluster, namespace, name).find(
    ({ metadata }) => metadata.labels?.status === 'deployed',
  );
  return secret && decodeRelease(secret);
}

/** One version of a release, deployed or not; `undefined` when Helm does not remember it. */
export function rememberedRelease(
  cluster: Cluster,
  namespace: string,
  name: string,
  version: number,
): HelmRelease | undefined {
  const secret = releaseSecrets(cluster, namespace, name).find(
    ({ metadata }) => metadata.labels?.version === `${version}`,
  );
  return secret && decodeRelease(secret);
}

/** Records a new version of a release as the deployed one and supersedes the one before. */
export function recordRelease(
  cluster: Cluster,
  release: {
    name: string;
    namespace: string;
    chart: string;
    version: string;
    config: IstioValues;
  },
): HelmRelease {
  const { name, namespace } = release;
  const before = releaseSecrets(cluster, namespace, name);
  for (const secret of before) {
    if (secret.metadata.labels?.status === 'deployed') {
      const old = decodeRelease(secret);
      const superseded = encodeRelease({
        ...old,
        info: { ...old.info, status: 'superseded' },
      });
      cluster.store.update(
        SECRETS,
        namespace,
        secret.metadata.name,
        current => ({
          ...current,
          metadata: { ...current.metadata, labels: superseded.metadata.labels },
          data: superseded.data,
        }),
      );
    }
  }
  const version =
    Math.max(0, ...before.map(s => Number(s.metadata.labels?.version))) + 1;
  const next = newRelease({
    ...release,
    revision: version,
    now: cluster.clock.now(),
  });
  cluster.store.create(SECRETS, encodeRelease(next));
  return next;
}

/** A deployed release. */
export function newRelease(release: {
  name: string;
  namespace: string;
  chart: string;
  version: string;
  config: IstioValues;
  revision: number;
  now: string;
}): HelmRelease {
  return {
    name: release.name,
    namespace: release.namespace,
    version: release.revision,
    info: {
      status: 'deployed',
      last_deployed: release.now,
      description:
        release.revision === 1 ? 'Install complete' : 'Upgrade complete',
    },
    chart: {
      metadata: {
        name: release.chart,
        version: release.version,
        appVersion: release.version,
      },
    },
    config: release.config,
    manifest: '',
  };
}

/** The numbers of the versions of a release that Helm remembers. */
export function releaseVersions(
  cluster: Cluster,
  namespace: string,
  name: string,
): number[] {
  return releaseSecrets(cluster, namespace, name).map(({ metadata }) =>
    Number(metadata.labels?.version),
  );
}

function releaseSecrets(
  cluster: Cluster,
  namespace: string,
  name: string,
): Secret[] {
  return cluster.store
    .list(SECRETS, namespace)
    .filter(
      ({ metadata: { labels } }) =>
        labels?.owner === 'helm' && labels.name === name,
    );
}
