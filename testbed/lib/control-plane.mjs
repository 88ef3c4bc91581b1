import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KubeApi } from './kube-api.mjs';
import { kubeconfig } from './kubeconfig.mjs';
import { FAKE_ANNOTATION, fakeNode, fakeNodeStatus } from './nodes.mjs';
import { poll } from './poll.mjs';
import { assertRunning } from './processes.mjs';
import { stages } from './stages.mjs';
import { writeEgressSelector } from './start-istiod-runner.mjs';

const FAKE_NODES = 4;

// Without these limits ten thousand pods take an hour.
const CLIENT_LIMITS = ['--kube-api-qps=1000', '--kube-api-burst=2000'];

/**
 * Starts etcd, API server, controllers, scheduler and KWOK of one cluster and waits until its fake nodes are Ready.
 * `start` records a started process; `allocatePort` gives ports of 127.0.0.1; `realNode` is what a real node has claimed; `reachesServices` makes
 * the API server ask an istiod runner for addresses inside the cluster.
 */
export async function startControlPlane({
  name,
  kubernetesVersion,
  directory,
  programs,
  allocatePort,
  start,
  realNode,
  reachesServices = false,
}) {
  const ports = {
    etcd: await allocatePort(),
    etcdPeer: await allocatePort(),
    apiServer: await allocatePort(),
    kubelet: await allocatePort(),
  };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = await writeCredentials(directory, realNode);
  const egress = reachesServices
    ? await writeEgressSelector(directory)
    : undefined;

  const etcdUrl = `http://127.0.0.1:${ports.etcd}`;
  const etcd = await start(`${name}-etcd`, programs.etcd, [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
    '--unsafe-no-fsync',
    '--quota-backend-bytes=8589934592',
  ]);
  await poll(`etcd of ${name} answering`, async () => {
    assertRunning(etcd);
    return (await fetch(`${etcdUrl}/health`)).ok || undefined;
  });

  const apiServer = await start(
    `${name}-kube-apiserver`,
    programs['kube-apiserver'],
    apiServerArguments({ etcdUrl, ports, directory, files, realNode, egress }),
    {
      env: { ...process.env, TESTBED_REPORTED_VERSION: kubernetesVersion },
    },
  );
  const access = await poll(
    `API server of ${name} ready`,
    async () => {
      assertRunning(apiServer);
      return connectWhenReady({
        name,
        server: `https://127.0.0.1:${ports.apiServer}`,
        directory,
        token: files.token,
      });
    },
    { timeoutMs: 90_000 },
  );

  const kubeconfigFile = join(directory, 'kubeconfig.json');
  await writeFile(
    kubeconfigFile,
    JSON.stringify(kubeconfig([access]), undefined, 2),
    { mode: 0o600 },
  );
  await start(
    `${name}-kube-controller-manager`,
    programs['kube-controller-manager'],
    [
      `--kubeconfig=${kubeconfigFile}`,
      `--service-account-private-key-file=${files.serviceAccountKey}`,
      `--root-ca-file=${files.ca}`,
      '--leader-elect=false',
      '--secure-port=0',
      // Nobody renews the leases of fake nodes; without this they, and every
      // pod on them, turn unready after 50 s.
      '--node-monitor-grace-period=8760h',
      '--concurrent-deployment-syncs=20',
      '--concurrent-replicaset-syncs=20',
      ...CLIENT_LIMITS,
    ],
  );
  await start(`${name}-kube-scheduler`, programs['kube-scheduler'], [
    `--kubeconfig=${kubeconfigFile}`,
    '--leader-elect=false',
    '--secure-port=0',
    ...CLIENT_LIMITS,
  ]);

  const api = new KubeApi(access);
  try {
    await createNodes(api, { kubernetesVersion, kubeletPort: ports.kubelet });
    const stagesFile = join(directory, 'stages.yaml');
    await writeFile(
      stagesFile,
      stages()
        .map(stage => JSON.stringify(stage))
        .join('\n---\n'),
    );
    await start(`${name}-kwok`, programs.kwok, [
      `--kubeconfig=${kubeconfigFile}`,
      `--config=${stagesFile}`,
      '--manage-all-nodes=false',
      `--manage-nodes-with-annotation-selector=${FAKE_ANNOTATION}=fake`,
      '--cidr=10.128.0.0/10',
      '--node-ip=127.0.0.1',
    ]);
    await poll(`${FAKE_NODES} Ready nodes in ${name}`, async () =>
      schedulableNodes(api),
    );
  } finally {
    api.close();
  }
  return {
    ...access,
    kubernetesVersion,
    kubeconfig: kubeconfigFile,
    kubeletPort: ports.kubelet,
    etcd: etcdUrl,
    directory,
  };
}

async function writeCredentials(directory, realNode) {
  const token = randomBytes(24).toString('hex');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
  });
  const files = {
    token,
    tokens: join(directory, 'tokens.csv'),
    serviceAccountKey: join(directory, 'service-account.key'),
    serviceAccountPublicKey: join(directory, 'service-account.pub'),
    ca: join(directory, 'ca.crt'),
  };
  await writeFile(
    files.tokens,
    `${token},admin,admin,"system:masters"\n${
      realNode?.credentials.tokenLine ?? ''
    }`,
    { mode: 0o600 },
  );
  await writeFile(
    files.serviceAccountKey,
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    { mode: 0o600 },
  );
  await writeFile(
    files.serviceAccountPublicKey,
    publicKey.export({ type: 'spki', format: 'pem' }),
  );
  return files;
}

function apiServerArguments({
  etcdUrl,
  ports,
  directory,
  files,
  realNode,
  egress,
}) {
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${join(directory, 'certificates')}`,
    // The Service "kubernetes" may not point to a loopback address.
    '--endpoint-reconciler-type=none',
    '--authorization-mode=Node,RBAC',
    `--token-auth-file=${files.tokens}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    // Pods of a real node reach the first address of the range; those of fake nodes reach nothing.
    `--service-cluster-ip-range=${
      realNode?.network.services ?? '10.96.0.0/16'
    }`,
    '--allow-privileged=true',
    '--kubelet-preferred-address-types=InternalIP',
    '--max-requests-inflight=2000',
    '--max-mutating-requests-inflight=1000',
    ...(egress ? [`--egress-selector-config-file=${egress}`] : []),
    ...(realNode
      ? [
          `--kubelet-client-certificate=${realNode.credentials.certificate}`,
          `--kubelet-client-key=${realNode.credentials.key}`,
        ]
      : []),
  ];
}

/** The API server signs its own certificate when it starts and puts the signer behind it in the same file. */
async function connectWhenReady({ name, server, directory, token }) {
  const chain = await readFile(
    join(directory, 'certificates', 'apiserver.crt'),
    'utf8',
  );
  const ca = signerOf(chain);
  const access = { name, server, ca, token };
  const api = new KubeApi(access);
  try {
    await api.text('GET', '/readyz');
  } finally {
    api.close();
  }
  const caFile = join(directory, 'ca.crt');
  await writeFile(caFile, ca);
  await chmod(caFile, 0o644);
  return access;
}

/** The last certificate of a PEM chain. */
export function signerOf(chain) {
  const certificates =
    chain.match(
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g,
    ) ?? [];
  if (certificates.length < 2)
    throw new Error('the certificate file holds no signer yet');
  return certificates.at(-1);
}

async function createNodes(api, { kubernetesVersion, kubeletPort }) {
  for (let index = 1; index <= FAKE_NODES; index += 1) {
    const name = `node-${index}`;
    await api.ensure('/api/v1/nodes', fakeNode(name));
    await api.mergePatch(`/api/v1/nodes/${name}/status`, {
      status: fakeNodeStatus({ name, kubernetesVersion, kubeletPort }),
    });
  }
}

async function schedulableNodes(api) {
  const { items } = await api.get('/api/v1/nodes');
  const ready = items.filter(
    node =>
      !node.spec.taints?.length &&
      node.status.conditions?.some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      ),
  );
  return ready.length === FAKE_NODES ? ready : undefined;
}
