import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ConnectionSettings, Pem } from '../ConnectionSettings';
import type { ClusterEntry, Misconfigured } from './ClusterEntry';
import { credentialProblem } from './credentialProblem';
import { describeProblems } from './describeProblems';
import { modeSchema } from './ownClusters';
import { pemFromText } from './pem';

const kubeconfigSchema = z.object({
  file: z.string().trim().min(1),
  contexts: z.array(z.string().min(1)).min(1).optional(),
  mode: modeSchema,
});

/** A kubeconfig file and what only its text tells. */
interface Kubeconfig {
  file: string;
  config: KubeConfig;
  tokenFiles: Map<string, string>;
}

function expandHome(file: string): string {
  return file.startsWith('~/') ? resolve(homedir(), file.slice(2)) : file;
}

/** client-node 2.0 does not know the key `tokenFile` and would connect as nobody. */
function readTokenFiles(text: string, folder: string): Map<string, string> {
  const document: {
    users?: { name?: string; user?: { tokenFile?: string } | null }[];
  } | null = parse(text);
  return new Map(
    (document?.users ?? []).flatMap(({ name, user }) =>
      name && user?.tokenFile
        ? [[name, resolve(folder, user.tokenFile)] as const]
        : [],
    ),
  );
}

async function loadKubeconfig(path: string): Promise<Kubeconfig> {
  const file = resolve(expandHome(path));
  const text = await readFile(file, 'utf8');
  // An ES module: only a dynamic import reaches it from CommonJS.
  const { KubeConfig: Loader } = await import('@kubernetes/client-node');
  const config = new Loader();
  config.loadFromString(text, { onInvalidEntry: 'filter' });
  config.makePathsAbsolute(dirname(file));
  return { file, config, tokenFiles: readTokenFiles(text, dirname(file)) };
}

/** Cluster names are parts of workload ids, which are divided by slashes. */
function clusterNameOf(context: string): string {
  return context.replaceAll('/', '-');
}

function pem(file: string | undefined, data: string | undefined) {
  if (file) {
    return { file } satisfies Pem;
  }
  return data ? pemFromText(data) : undefined;
}

function unusableUser(user: User): Misconfigured | undefined {
  const remedy =
    'Give the cluster under meshUpgrade.clusters with the token of a service account.';
  if (user.exec) {
    const command = (user.exec as { command?: string }).command ?? 'a program';
    return {
      misconfiguration: `Its user '${user.name}' gets credentials by running '${command}'; this backend runs no programs of a kubeconfig.`,
      remedy,
    };
  }
  if (user.authProvider) {
    const { name } = user.authProvider as { name?: string };
    return {
      misconfiguration: `Its user '${user.name}' logs in through the auth provider '${name}', which needs a person.`,
      remedy,
    };
  }
  return undefined;
}

async function settingsOf(
  kubeconfig: Kubeconfig,
  contextName: string,
): Promise<{ settings: ConnectionSettings } | Misconfigured> {
  const { config, file, tokenFiles } = kubeconfig;
  const context = config.getContextObject(contextName);
  if (!context) {
    const known = config.getContexts().map(({ name }) => `'${name}'`);
    return {
      misconfiguration: `${file} has no context '${contextName}'.`,
      remedy: `Name one of its contexts: ${known.join(', ') || 'it has none'}.`,
    };
  }
  const cluster = config.getCluster(context.cluster);
  const user = context.user ? config.getUser(context.user) : undefined;
  if (!cluster || !user) {
    const what = cluster
      ? `user '${context.user}'`
      : `cluster '${context.cluster}'`;
    return {
      misconfiguration: `The context '${contextName}' of ${file} names the ${what}, which is missing or incomplete there.`,
      remedy: `Correct ${file}.`,
    };
  }
  const unusable = unusableUser(user);
  if (unusable) {
    return unusable;
  }
  const ca = pem(cluster.caFile, cluster.caData);
  const cert = pem(user.certFile, user.certData);
  const key = pem(user.keyFile, user.keyData);
  const tokenFile = tokenFiles.get(user.name);
  const settings: ConnectionSettings = {
    url: cluster.server,
    skipTLSVerify: cluster.skipTLSVerify,
    serverName: cluster.tlsServerName,
    proxyUrl: cluster.proxyUrl,
    impersonateUser: user.impersonateUser ?? undefined,
    ...(ca && { ca }),
    ...(cert && key && { clientCertificate: { cert, key } }),
    ...(user.username && {
      basic: { username: user.username, password: user.password ?? '' },
    }),
    ...(user.token && { token: { value: user.token } }),
    // As kubectl does, the file wins over the value.
    ...(tokenFile && { token: { file: tokenFile } }),
  };
  return (await credentialProblem(settings)) ?? { settings };
}

/** One element of `meshUpgrade.kubeconfig`: a cluster per context, named after it. */
export async function readKubeconfigClusters(
  raw: unknown,
  origin: string,
): Promise<ClusterEntry[]> {
  const parsed = kubeconfigSchema.safeParse(raw);
  if (!parsed.success) {
    return [
      {
        name: origin,
        title: origin,
        mode: 'read',
        origin,
        misconfiguration: `${origin} is wrong: ${describeProblems(
          parsed.error,
        )}.`,
        remedy: `Correct ${origin} in the configuration.`,
      },
    ];
  }
  const { file, contexts, mode } = parsed.data;
  const entry = (title: string) => ({
    name: clusterNameOf(title),
    title,
    mode,
    origin,
  });
  let kubeconfig: Kubeconfig;
  try {
    kubeconfig = await loadKubeconfig(file);
  } catch (error) {
    const problem = {
      misconfiguration: `The kubeconfig ${file} cannot be used: ${
        (error as Error).message
      }`,
      remedy: `Give a readable kubeconfig file in ${origin}.file.`,
    };
    return (contexts ?? [basename(file)]).map(title => ({
      ...entry(title),
      ...problem,
    }));
  }
  const wanted = contexts ?? kubeconfig.config.getContexts().map(c => c.name);
  if (wanted.length === 0) {
    return [
      {
        ...entry(basename(file)),
        misconfiguration: `The kubeconfig ${kubeconfig.file} has no contexts.`,
        remedy: `Give a kubeconfig with a context per cluster in ${origin}.file.`,
      },
    ];
  }
  return Promise.all(
    wanted.map(async title => ({
      ...entry(title),
      ...(await settingsOf(kubeconfig, title)),
    })),
  );
}
