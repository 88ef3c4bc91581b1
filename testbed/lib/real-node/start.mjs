import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KubeApi } from '../kube-api.mjs';
import { kubeconfig } from '../kubeconfig.mjs';
import { poll } from '../poll.mjs';
import { assertRunning } from '../processes.mjs';
import {
  cniConfig,
  containerdConfig,
  kubeletArguments,
  kubeletConfig,
  NODE_NAME,
  registryHosts,
} from './files.mjs';
import { imageNames } from './images.mjs';

const MACHINE = fileURLToPath(new URL('machine.mjs', import.meta.url));

/** Starts a node with containerd and a kubelet beside the fake nodes of `cluster`, and waits until it is Ready. */
export async function startRealNode({
  cluster,
  realNode: { network, cgroup, credentials },
  registry,
  programs,
  start,
}) {
  const directory = join(cluster.directory, 'node');
  const reachedAt = `${network.hostAddress}:${
    new URL(`http://${registry}`).port
  }`;
  await writeFiles(directory, {
    'containerd.toml': containerdConfig({
      directory,
      pauseImage: imageNames(registry).pause,
    }),
    'cni/testbed.conflist': cniConfig(network),
    ...Object.fromEntries(
      [registry, reachedAt].map(name => [
        `registries/${name}/hosts.toml`,
        registryHosts(reachedAt),
      ]),
    ),
    'kubelet.json': kubeletConfig({
      directory,
      network,
      cgroup,
      clientCa: credentials.certificate,
    }),
    'kubeconfig.json': kubeconfig([
      {
        name: cluster.name,
        server: `https://${network.apiAddress}`,
        ca: cluster.ca,
        token: credentials.token,
      },
    ]),
    // There is no DNS in the cluster.
    'resolv.conf': '',
    'machine.json': {
      cgroup,
      network,
      init: [
        ...[directory, `${network.nodeAddress}/30`, network.hostAddress],
        ...['containerd', programs.kubelet],
        ...kubeletArguments({ directory, network }),
      ],
      forwards: [
        {
          address: network.apiAddress,
          port: 443,
          to: Number(new URL(cluster.server).port),
        },
        {
          address: network.hostAddress,
          port: Number(new URL(`http://${registry}`).port),
          to: Number(new URL(`http://${registry}`).port),
        },
      ],
    },
  });
  for (const name of ['lib', 'log']) await mkdir(join(directory, name));

  const machine = await start(`${cluster.name}-real-node`, process.execPath, [
    MACHINE,
    join(directory, 'machine.json'),
  ]);
  await waitUntilReady(cluster, machine);
  return { name: NODE_NAME, registry: reachedAt };
}

async function writeFiles(directory, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(
      file,
      typeof content === 'string' ? content : JSON.stringify(content),
      { mode: 0o600 },
    );
  }
}

async function waitUntilReady(cluster, machine) {
  const api = new KubeApi(cluster);
  try {
    await poll(
      `${NODE_NAME} of ${cluster.name} Ready`,
      async () => {
        assertRunning(machine);
        const { status } = await api.get(`/api/v1/nodes/${NODE_NAME}`);
        const ready = status.conditions?.find(({ type }) => type === 'Ready');
        if (ready?.status !== 'True')
          throw new Error(ready?.message ?? 'it has not reported yet');
        return true;
      },
      { timeoutMs: 60_000 },
    );
  } finally {
    api.close();
  }
}
