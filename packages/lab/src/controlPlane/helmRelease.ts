import { gunzipSync, gzipSync } from 'node:zlib';
import type { Draft, IstioValues, Secret } from '../kubernetes/types';

/** A Helm release as its secret holds it; only what readers of a mesh look at. */
export interface HelmRelease {
  name: string;
  namespace: string;
  version: number;
  info: { status: string; last_deployed: string; description: string };
  chart: {
    metadata: { name: string; version: string; appVersion: string };
  };
  config: IstioValues;
  manifest: string;
}

/** The name of the secret that holds one version of a release. */
export function releaseSecretName(release: string, version: number): string {
  return `sh.helm.release.v1.${release}.v${version}`;
}

/** The secret of a release: base64 by Kubernetes over base64 by Helm over gzip over JSON. */
export function encodeRelease(release: HelmRelease): Draft<Secret> {
  const packed = gzipSync(JSON.stringify(release)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: releaseSecretName(release.name, release.version),
      namespace: release.namespace,
      labels: {
        name: release.name,
        owner: 'helm',
        status: release.info.status,
        version: String(release.version),
      },
    },
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(packed).toString('base64') },
  };
}

export function decodeRelease(secret: Secret): HelmRelease {
  const packed = Buffer.from(secret.data?.release ?? '', 'base64').toString();
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
}
