import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { moduleSource } from './build.mjs';
import { MISSING_PREREQUISITE, TestbedError } from './errors.mjs';
import { KubeApi } from './kube-api.mjs';
import { kubeconfig } from './kubeconfig.mjs';
import { poll } from './poll.mjs';
import { isFree } from './ports.mjs';
import { assertRunning } from './processes.mjs';
import { runCommand } from './run-command.mjs';

export const ARGOCD_NAMESPACE = 'argocd';

/** How soon a commit is seen; three minutes by default, too long to wait for. */
const RESYNC = '5s';

const PREREQUISITES = {
  'redis-server': 'apt-get install -y redis-server',
  git: 'apt-get install -y git',
};

/** What Argo CD's caches and its reading of Git need and this machine lacks, with what to do; undefined when nothing. */
export async function missingForArgoCd() {
  for (const [program, remedy] of Object.entries(PREREQUISITES)) {
    try {
      await runCommand(program, ['--version']);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      return `Argo CD needs ${program}: ${remedy}`;
    }
  }
  return undefined;
}

/** Without its prerequisites nothing should be started at all. */
export async function assertArgoCdPrerequisites() {
  const missing = await missingForArgoCd();
  if (missing)
    throw new TestbedError(missing, { exitCode: MISSING_PREREQUISITE });
}

/**
 * Starts Argo CD for one cluster, as processes of this machine with an administrator's rights: Redis, repository server
 * and application controller. There is no API server of Argo CD; its objects are its interface.
 */
export async function startArgoCd({ cluster, programs, allocatePort, start }) {
  const directory = join(cluster.directory, 'argocd');
  const home = join(directory, 'home');
  const temporary = join(directory, 'tmp');
  await mkdir(home, { recursive: true, mode: 0o700 });
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await createObjects({ cluster, kubectl: programs.kubectl });

  const address = async () => `127.0.0.1:${await allocatePort()}`;
  const addresses = {
    redis: await address(),
    repoServer: await address(),
    repoServerMetrics: await address(),
    controllerMetrics: await address(),
  };
  const kubeconfigFile = join(directory, 'kubeconfig.json');
  await writeFile(
    kubeconfigFile,
    JSON.stringify(kubeconfig([{ ...cluster, namespace: ARGOCD_NAMESPACE }])),
    { mode: 0o600 },
  );
  const env = {
    ...process.env,
    PATH: [dirname(programs.helm), process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: temporary,
    KUBECONFIG: kubeconfigFile,
    // What an Application calls https://kubernetes.default.svc is the cluster of KUBECONFIG.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_ASK_PASS_SOCK: join(temporary, 'ask-pass.sock'),
    ARGOCD_TLS_DATA_PATH: join(directory, 'tls'),
    ARGOCD_SSH_DATA_PATH: join(directory, 'ssh'),
  };
  const processes = [
    await start(
      `${cluster.name}-argocd-redis`,
      'redis-server',
      [
        ...['--bind', '127.0.0.1', '--port', portOf(addresses.redis)],
        ...['--save', '', '--appendonly', 'no', '--dir', directory],
      ],
      { env },
    ),
    await start(
      `${cluster.name}-argocd-repo-server`,
      programs.argocd,
      [
        ...['repo-server', '--redis', addresses.redis, '--disable-tls'],
        ...['--revision-cache-expiration', RESYNC],
        ...['--address', '127.0.0.1', '--port', portOf(addresses.repoServer)],
        ...['--metrics-address', '127.0.0.1'],
        ...['--metrics-port', portOf(addresses.repoServerMetrics)],
      ],
      { env },
    ),
    await start(
      `${cluster.name}-argocd-application-controller`,
      programs.argocd,
      [
        ...['application-controller', '--redis', addresses.redis],
        ...['--repo-server', addresses.repoServer, '--app-resync', RESYNC],
        ...['--metrics-address', addresses.controllerMetrics],
      ],
      { env },
    ),
  ];
  await poll(
    `Argo CD of ${cluster.name} serving`,
    async () => {
      processes.forEach(assertRunning);
      const free = await Promise.all(
        Object.values(addresses).map(one => isFree(Number(portOf(one)))),
      );
      return free.includes(true) ? undefined : true;
    },
    { timeoutMs: 60_000 },
  );
}

/** Kinds and settings as Argo CD's own manifests have them, and what its API server would create. */
async function createObjects({ cluster, kubectl }) {
  const manifests = join(
    await moduleSource('argocd', 'github.com/argoproj/argo-cd/v2'),
    'manifests',
  );
  const api = new KubeApi(cluster);
  try {
    await api.ensure('/api/v1/namespaces', {
      metadata: { name: ARGOCD_NAMESPACE },
    });
    for (const part of ['crds', join('base', 'config')]) {
      await runCommand(kubectl, [
        ...['--kubeconfig', cluster.kubeconfig, '--namespace'],
        ...[ARGOCD_NAMESPACE, 'apply', '--server-side'],
        ...['--kustomize', join(manifests, part)],
      ]);
    }
    await api.mergePatch(
      `/api/v1/namespaces/${ARGOCD_NAMESPACE}/secrets/argocd-secret`,
      {
        stringData: { 'server.secretkey': randomBytes(32).toString('base64') },
      },
    );
    await createArgoCdObject(api, 'appprojects', {
      kind: 'AppProject',
      metadata: { name: 'default' },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    });
  } finally {
    api.close();
  }
}

/** Creates an object of one of Argo CD's kinds, which are served a moment after their definitions. */
export function createArgoCdObject(api, resource, body) {
  return poll(`Argo CD's ${resource} being served`, () =>
    api.ensure(
      `/apis/argoproj.io/v1alpha1/namespaces/${ARGOCD_NAMESPACE}/${resource}`,
      { apiVersion: 'argoproj.io/v1alpha1', ...body },
    ),
  );
}

function portOf(address) {
  return address.split(':')[1];
}
