import { z } from 'zod';
import type { ConnectionSettings } from '../ConnectionSettings';
import type { ClusterEntry } from './ClusterEntry';
import { credentialProblem } from './credentialProblem';
import { pemFromText } from './pem';
import { describeProblems } from './describeProblems';

const text = z.string().trim().min(1);

export const modeSchema = z.enum(['read', 'restart', 'full']).default('read');

const clusterSchema = z
  .object({
    name: text.regex(/^[^/]+$/, "must not contain '/'"),
    title: text.optional(),
    url: text,
    mode: modeSchema,
    token: text.optional(),
    tokenFile: text.optional(),
    clientCertificate: text.optional(),
    clientKey: text.optional(),
    caData: text.optional(),
    caFile: text.optional(),
    skipTLSVerify: z.boolean().optional(),
  })
  .refine(cluster => !cluster.clientCertificate === !cluster.clientKey, {
    message: 'clientCertificate and clientKey belong together',
  });

type ClusterConfig = z.infer<typeof clusterSchema>;

function settingsOf(cluster: ClusterConfig): ConnectionSettings {
  const { token, tokenFile, clientCertificate, clientKey, caData, caFile } =
    cluster;
  return {
    url: cluster.url.replace(/\/+$/, ''),
    skipTLSVerify: cluster.skipTLSVerify,
    ...(caData && { ca: pemFromText(caData) }),
    ...(caFile && { ca: { file: caFile } }),
    ...(tokenFile && { token: { file: tokenFile } }),
    ...(token && { token: { value: token } }),
    ...(clientCertificate &&
      clientKey && {
        clientCertificate: {
          cert: pemFromText(clientCertificate),
          key: pemFromText(clientKey),
        },
      }),
  };
}

/** The name of an entry that may be anything at all. */
function nameOf(raw: unknown, fallback: string): string {
  const name = (raw as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' && name.trim() !== ''
    ? name.trim().replaceAll('/', '-')
    : fallback;
}

/** One element of `meshUpgrade.clusters`, whatever it holds. */
export async function readOwnCluster(
  raw: unknown,
  origin: string,
): Promise<ClusterEntry> {
  const parsed = clusterSchema.safeParse(raw);
  if (!parsed.success) {
    const name = nameOf(raw, origin);
    return {
      name,
      title: name,
      mode: 'read',
      origin,
      misconfiguration: `${origin} is wrong: ${describeProblems(
        parsed.error,
      )}.`,
      remedy: `Correct ${origin} in the configuration.`,
    };
  }
  const cluster = parsed.data;
  const settings = settingsOf(cluster);
  const problem = await credentialProblem(settings);
  return {
    name: cluster.name,
    title: cluster.title ?? cluster.name,
    mode: cluster.mode,
    origin,
    ...(problem ?? { settings }),
  };
}
