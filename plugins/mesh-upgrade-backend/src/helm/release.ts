import { toError } from '@backstage/errors';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { listAll } from '../clusters/listAll';
import type {
  KubernetesClient,
  KubernetesObject,
  ResourceType,
} from '../clusters/types';

const unzip = promisify(gunzip);

/** Where helm keeps its releases. */
export const SECRETS: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'secrets',
};

export interface Secret extends KubernetesObject {
  data?: Record<string, string>;
}

/** What helm remembers of a release. */
export interface HelmRelease {
  name: string;
  namespace: string;
  /** Counts installs and upgrades. */
  revision: number;
  chart: { name: string; version: string };
  /** The values that the user gave, not the chart's own. */
  values: Record<string, unknown>;
  /** e.g. `deployed`, `superseded`, `failed`. */
  status?: string;
}

/** Releases of a namespace that are deployed now; all, or those of one name. */
export async function deployedReleases(
  client: KubernetesClient,
  options: { namespace: string; name?: string; signal?: AbortSignal },
): Promise<HelmRelease[]> {
  const { namespace, name, signal } = options;
  const secrets = await listAll<Secret>(client, SECRETS, {
    namespace,
    labelSelector: [
      'owner=helm',
      'status=deployed',
      ...(name ? [`name=${name}`] : []),
    ].join(','),
    signal,
  });
  return Promise.all(secrets.map(decodeRelease));
}

/** Every revision of a release that helm remembers, the newest first. */
export async function releaseHistory(
  client: KubernetesClient,
  options: { namespace: string; name: string; signal?: AbortSignal },
): Promise<HelmRelease[]> {
  const { namespace, name, signal } = options;
  const secrets = await listAll<Secret>(client, SECRETS, {
    namespace,
    labelSelector: `owner=helm,name=${name}`,
    signal,
  });
  const releases = await Promise.all(secrets.map(decodeRelease));
  return releases.sort((a, b) => b.revision - a.revision);
}

/**
 * Reads the secret that helm keeps of a release.
 *
 * @throws Error that names the secret when it is not what helm writes.
 */
export async function decodeRelease(secret: Secret): Promise<HelmRelease> {
  const { name, namespace = '' } = secret.metadata;
  try {
    // base64 by Kubernetes over base64 by Helm over gzip over JSON
    const inner = Buffer.from(secret.data?.release ?? '', 'base64').toString();
    const json = await unzip(Buffer.from(inner, 'base64'));
    const release = JSON.parse(json.toString());
    return {
      name: release.name,
      namespace: release.namespace ?? namespace,
      revision: release.version,
      chart: {
        name: release.chart.metadata.name,
        version: release.chart.metadata.version,
      },
      values: release.config ?? {},
      status: release.info?.status,
    };
  } catch (error) {
    throw new Error(
      `Secret ${namespace}/${name} holds no readable helm release: ${
        toError(error).message
      }`,
    );
  }
}
