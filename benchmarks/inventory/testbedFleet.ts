import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../scripts/lib/CommandError.mjs';
import { runTestbed } from '../../scripts/lib/testbed.mjs';
import { KubeApi } from '../../testbed/lib/kube-api.mjs';
import { deployment } from '../../testbed/lib/workloads.mjs';

export const CLUSTER = 'testbed';
const ISTIO = 'helm:1.29.4';

const TEAMS = 10;
const DEPLOYMENTS_PER_TEAM = 100;
const REPLICAS = 10;
export const DEPLOYMENTS = TEAMS * DEPLOYMENTS_PER_TEAM;
export const PODS = DEPLOYMENTS * REPLICAS;

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

/**
 * Creates the Deployments and waits until all their pods are Ready. Each pod is
 * made by the ReplicaSet controller and gets its sidecar from istiod's webhook.
 */
export async function createFleet(cluster: TestbedCluster): Promise<void> {
  const api = new KubeApi(cluster);
  try {
    const teams = Array.from({ length: TEAMS }, (_, index) => `team-${index}`);
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
        replicas: REPLICAS,
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
    await allReady(api, teams);
    await assertInjected(api, teams[0]);
  } finally {
    api.close();
  }
}

async function allReady(api: KubeApi, namespaces: string[]): Promise<void> {
  const until = performance.now() + READY_TIMEOUT_MS;
  // One namespace after the other: lists of all of them would slow the controllers down.
  for (const namespace of namespaces) {
    for (;;) {
      const { items } = await api.get(
        `/apis/apps/v1/namespaces/${namespace}/deployments`,
      );
      const ready = items.filter(
        ({ status }: any) => status?.readyReplicas === REPLICAS,
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
