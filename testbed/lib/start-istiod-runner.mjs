import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { poll } from './poll.mjs';
import { assertRunning } from './processes.mjs';

const ISTIOD_RUNNER = fileURLToPath(
  new URL('istiod-runner.mjs', import.meta.url),
);

/** The socket on which the API server of a cluster asks for its Services. */
export function servicesSocket(directory) {
  return join(directory, 'services.sock');
}

/** Makes the API server reach addresses inside its cluster by way of `socket`; answers the file for its arguments. */
export async function writeEgressSelector(directory) {
  const file = join(directory, 'egress.json');
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: 'apiserver.k8s.io/v1beta1',
      kind: 'EgressSelectorConfiguration',
      egressSelections: [
        {
          name: 'cluster',
          connection: {
            proxyProtocol: 'HTTPConnect',
            transport: { uds: { udsName: servicesSocket(directory) } },
          },
        },
      ],
    }),
  );
  return file;
}

/** Runs an istiod for every istiod Deployment of a cluster from now on. */
export async function startIstiodRunner({ cluster, paths, programs, start }) {
  const { name, server, ca, token, kubeconfig, directory } = cluster;
  const socket = servicesSocket(directory);
  const file = join(directory, 'istiod-runner.json');
  await writeFile(
    file,
    JSON.stringify({
      cluster: { name, server, ca, token },
      program: programs['pilot-discovery'],
      kubeconfig,
      socket,
      directory,
      logs: paths.logs,
    }),
    { mode: 0o600 },
  );
  const runner = await start(`${name}-istiod-runner`, process.execPath, [
    ISTIOD_RUNNER,
    file,
  ]);
  await poll(`Services of ${name} reached`, async () => {
    assertRunning(runner);
    return (await answers(socket)) || undefined;
  });
}

function answers(socket) {
  return new Promise(resolve => {
    const client = createConnection(socket);
    client.once('connect', () => {
      client.destroy();
      resolve(true);
    });
    client.once('error', () => resolve(false));
  });
}
