import { z } from 'zod';
import type { ConnectionSettings } from '../ConnectionSettings';
import type { ClusterEntry, Misconfigured } from './ClusterEntry';
import { credentialProblem } from './credentialProblem';
import { pemFromText } from './pem';

const IN_CLUSTER = '/var/run/secrets/kubernetes.io/serviceaccount';

const locatorSchema = z.object({ type: z.string(), clusters: z.unknown() });

const clusterSchema = z.object({
  name: z.string().min(1),
  title: z.string().optional(),
  url: z.string().min(1),
  authProvider: z.string().optional(),
  authMetadata: z.record(z.string(), z.string()).optional(),
  serviceAccountToken: z.string().optional(),
  skipTLSVerify: z.boolean().optional(),
  caData: z.string().optional(),
  caFile: z.string().optional(),
});

type PluginCluster = z.infer<typeof clusterSchema>;

async function settingsOf(
  cluster: PluginCluster,
): Promise<{ settings: ConnectionSettings } | Misconfigured> {
  const provider =
    cluster.authProvider ??
    cluster.authMetadata?.['kubernetes.io/auth-provider'];
  if (provider !== 'serviceAccount') {
    return {
      misconfiguration: `The kubernetes plugin reaches it by the auth provider '${provider}', which this backend cannot use.`,
      remedy:
        'Give the cluster under meshUpgrade.clusters with the token of a service account.',
    };
  }
  const { serviceAccountToken, caData, caFile } = cluster;
  const settings: ConnectionSettings = {
    url: cluster.url.replace(/\/+$/, ''),
    skipTLSVerify: cluster.skipTLSVerify,
    // Like the kubernetes plugin: without a token it is the cluster Backstage itself runs in.
    ...(serviceAccountToken
      ? { token: { value: serviceAccountToken } }
      : {
          token: { file: `${IN_CLUSTER}/token` },
          ca: { file: `${IN_CLUSTER}/ca.crt` },
        }),
    ...(caFile && { ca: { file: caFile } }),
    ...(caData && { ca: pemFromText(caData) }),
  };
  return (await credentialProblem(settings)) ?? { settings };
}

/** The clusters of `kubernetes.clusterLocatorMethods` that are written out there; only looked at, never changed. */
export async function readKubernetesPluginClusters(
  locators: unknown[],
): Promise<ClusterEntry[]> {
  const clusters = locators.flatMap((locator, i) => {
    const method = locatorSchema.safeParse(locator);
    return method.success &&
      method.data.type === 'config' &&
      Array.isArray(method.data.clusters)
      ? method.data.clusters.map((raw: unknown, k) => ({
          raw,
          origin: `kubernetes.clusterLocatorMethods[${i}].clusters[${k}]`,
        }))
      : [];
  });
  // What is malformed there, the kubernetes plugin itself complains about.
  const readable = clusters.flatMap(({ raw, origin }) => {
    const cluster = clusterSchema.safeParse(raw);
    return cluster.success ? [{ cluster: cluster.data, origin }] : [];
  });
  return Promise.all(
    readable.map(async ({ cluster, origin }) => ({
      name: cluster.name.replaceAll('/', '-'),
      title: cluster.title ?? cluster.name,
      mode: 'read' as const,
      origin,
      ...(await settingsOf(cluster)),
    })),
  );
}
