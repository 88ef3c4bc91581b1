import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../scripts/lib/CommandError.mjs';
import { mustExec } from '../../scripts/lib/exec.mjs';
import { runTestbed } from '../../scripts/lib/testbed.mjs';
import { buildAll } from '../../testbed/lib/build.mjs';
import { KubeApi } from '../../testbed/lib/kube-api.mjs';
import { deployment } from '../../testbed/lib/workloads.mjs';
import { say } from './figures';

export const CLUSTER = 'testbed';
const ISTIO = 'helm:1.29.4';

const DEPLOYMENTS_PER_TEAM = 100;

const CONCURRENT_REQUESTS = 20;
const READY_TIMEOUT_MS = 15 * 60_000;
const READY_INTERVAL_MS = 3_000;

/** A cluster of the testbed, and how its administrator reaches it. */
export interface TestbedCluster {
  server: string;
  /** PEM. */
  ca: string;
  caData: string;
  token: string;
  kubeconfig: string;
}

/** A testbed of its own with a fleet, as long as the work takes. */
export async function withTestbedFleet<T>(
  size: FleetSize,
  work: (cluster: TestbedCluster) => Promise<T>,
): Promise<T> {
  const state = mkdtempSync(join(tmpdir(), 'mesh-upgrade-bench-testbed-'));
  const env = { ...process.env, XDG_STATE_HOME: state };
  try {
    say('testbed: starting');
    const cluster = await startTestbed(env);
    say(
      `testbed: creating ${deploymentsOf(size)} Deployments of ${
        size.replicas
      } pods`,
    );
    await createFleet(cluster, size);
    return await work(cluster);
  } finally {
    await runTestbed(['down'], env);
    rmSync(state, { recursive: true, force: true });
  }
}

/** The cluster as the product may see it: with the rights of these files of `deploy/`. */
export async function grant(
  cluster: TestbedCluster,
  files: string[],
): Promise<TestbedCluster> {
  const { kubectl } = (await buildAll()) as Record<string, string>;
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  for (const file of files) {
    await mustExec(kubectl, ['apply', '-f', `deploy/${file}`], { env });
  }
  const { output } = await mustExec(
    kubectl,
    ['create', 'token', 'mesh-upgrade', '--namespace', 'mesh-upgrade'],
    { env },
  );
  return { ...cluster, token: output.trim() };
}

/** Starts a testbed of one cluster; `env` tells where its data lies. */
export async function startTestbed(
  env: NodeJS.ProcessEnv,
): Promise<TestbedCluster> {
  await testbed(['up', '--clusters', CLUSTER, '--istio', ISTIO], env);
  const { clusters } = JSON.parse(await testbed(['status', '--json'], env));
  const { server, kubeconfig } = clusters[0];
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const caData = config.clusters[0].cluster['certificate-authority-data'];
  return {
    server,
    ca: Buffer.from(caData, 'base64').toString(),
    caData,
    token: config.users[0].user.token,
    kubeconfig,
  };
}

/** A hundred Deployments for each of some teams. */
export interface FleetSize {
  teams: number;
  replicas: number;
}

export function deploymentsOf({ teams }: FleetSize): number {
  return teams * DEPLOYMENTS_PER_TEAM;
}

/**
 * Creates the Deployments and waits until all their pods are Ready. Each pod is
 * made by the ReplicaSet controller and gets its sidecar from istiod's webhook.
 */
export async function createFleet(
  cluster: TestbedCluster,
  { teams: count, replicas }: FleetSize,
): Promise<void> {
  const api = new KubeApi(cluster);
  try {
    const teams = Array.from({ length: count }, (_, index) => `team-${index}`);
    for (const name of teams) {
      await api.ensure('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { 'istio-injection': 'enabled' } },
      });
    }
    const wanted = teams.flatMap(namespace =>
      Array.from({ length: DEPLOYMENTS_PER_TEAM }, (_, index) => ({
        name: `app-${index}`,
        namespace,
        replicas,
      })),
    );
    await Promise.all(
      Array.from({ length: CONCURRENT_REQUESTS }, async () => {
        for (let next = wanted.pop(); next; next = wanted.pop()) {
          await api.ensure(
            `/apis/apps/v1/namespaces/${next.namespace}/deployments`,
            deployment(next),
          );
        }
      }),
    );
    await allReady(api, teams, replicas);
    await assertInjected(api, teams[0]);
  } finally {
    api.close();
  }
}

async function allReady(
  api: KubeApi,
  namespaces: string[],
  replicas: number,
): Promise<void> {
  const until = performance.now() + READY_TIMEOUT_MS;
  // One namespace after the other: lists of all of them would slow the controllers down.
  for (const namespace of namespaces) {
    for (;;) {
      const { items } = await api.get(
        `/apis/apps/v1/namespaces/${namespace}/deployments`,
      );
      const ready = items.filter(
        ({ status }: any) => status?.readyReplicas === replicas,
      ).length;
      if (ready === DEPLOYMENTS_PER_TEAM) {
        break;
      }
      if (performance.now() > until) {
        throw new CommandError(
          `Only ${ready} of ${DEPLOYMENTS_PER_TEAM} Deployments of ${namespace} became ready in time`,
        );
      }
      await sleep(READY_INTERVAL_MS);
    }
  }
}

async function assertInjected(api: KubeApi, namespace: string): Promise<void> {
  const { items } = await api.get(`/api/v1/namespaces/${namespace}/pods`);
  const bare = items.find(
    ({ spec }: any) =>
      ![...spec.containers, ...(spec.initContainers ?? [])].some(
        ({ name }) => name === 'istio-proxy',
      ),
  );
  if (items.length === 0 || bare) {
    throw new CommandError(
      `Pods of ${namespace} have no sidecar, e.g. ${bare?.metadata.name}`,
    );
  }
}

/** Runs one command of the testbed. @throws CommandError with its output */
export async function testbed(
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { code, output } = await runTestbed(args, env);
  if (code !== 0) {
    throw new CommandError(
      `testbed ${args.join(' ')} ended with ${code}:\n${output}`,
      { exitCode: code },
    );
  }
  return output;
}
