import { spawn } from 'node:child_process';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from '../../scripts/lib/poll.mjs';
import { buildAll } from '../../testbed/lib/build.mjs';
import type { Figure } from '../Benchmark';
import { BenchedProduct } from './BenchedProduct';
import { FirstContact } from './FirstContact';
import { figure, median, say } from './figures';
import {
  CLUSTER,
  deploymentsOf,
  grant,
  withTestbedFleet,
  type FleetSize,
  type TestbedCluster,
} from './testbedFleet';

const RUNS = 3;
const QUERYABLE_TIMEOUT_MS = 120_000;
const POLL_MS = 100;
/** How long a backend is left alone before its memory is taken for its idle memory. */
const SETTLE_MS = 15_000;
const RAW_LIMIT = 2;
const KUBECTL_LIMIT = 1 / 4;
const MEMORY_LIMIT_MIB = 250;

const FLEET: FleetSize = { teams: 10, replicas: 10 };
const DEPLOYMENTS = deploymentsOf(FLEET);
const PODS = DEPLOYMENTS * FLEET.replicas;

/** Cold sync and memory on a real API server with ten thousand injected pods. */
export function benchTestbed(): Promise<Figure[]> {
  return withTestbedFleet(FLEET, measure);
}

/** As the product does it on a cluster that stands already. */
export async function measure(cluster: TestbedCluster): Promise<Figure[]> {
  const { kubectl } = (await buildAll()) as Record<string, string>;
  const reader = await grant(cluster, ['read.yaml']);
  // The first one makes the API server fill its caches.
  await timeRawList(cluster);
  const raw: number[] = [];
  const syncs: { seconds: number; peak: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    raw.push(await timeRawList(cluster));
    syncs.push(await coldSync(reader));
    say(
      `testbed: raw list ${raw[run].toFixed(1)} s, cold sync ${syncs[
        run
      ].seconds.toFixed(1)} s, peak ${syncs[run].peak.toFixed(0)} MiB`,
    );
  }
  const kubectlSeconds = await timeKubectl(kubectl, cluster);
  const idle = await idleMemory();
  const sync = median(syncs.map(({ seconds }) => seconds));
  const rawSeconds = median(raw);
  const peak = Math.max(...syncs.map(one => one.peak));
  return [
    figure({
      name: `cold sync of ${PODS} injected pods, median of ${RUNS}`,
      value: sync,
      unit: 's',
      limit: RAW_LIMIT * rawSeconds,
      comparedWith: `raw GET /api/v1/pods: ${rawSeconds.toFixed(2)} s`,
    }),
    figure({
      name: `the same, against kubectl`,
      value: sync,
      unit: 's',
      limit: KUBECTL_LIMIT * kubectlSeconds,
      comparedWith: `kubectl get pods -A -o json: ${kubectlSeconds.toFixed(
        2,
      )} s`,
    }),
    figure({
      name: `peak memory above idle, greatest of ${RUNS}`,
      value: peak - idle,
      unit: 'MiB',
      limit: MEMORY_LIMIT_MIB,
      comparedWith: `backend without clusters: ${idle.toFixed(0)} MiB`,
    }),
  ];
}

/** From the first connection to the cluster until the API answers all of it. */
async function coldSync(
  cluster: TestbedCluster,
): Promise<{ seconds: number; peak: number }> {
  const contact = await FirstContact.listen();
  const product = await BenchedProduct.launch({
    meshUpgrade: {
      clusters: [
        { name: 'clock', url: contact.url, token: 'none' },
        {
          name: CLUSTER,
          url: cluster.server,
          token: cluster.token,
          caData: cluster.caData,
        },
      ],
    },
  });
  try {
    await poll(
      async () => {
        const page = await product.ask('/workloads?limit=1');
        if (!page || page.total < DEPLOYMENTS) {
          return undefined;
        }
        const [mesh] = (await product.ask('/meshes'))?.items ?? [];
        return mesh?.sidecars.total >= PODS || undefined;
      },
      {
        timeoutMs: QUERYABLE_TIMEOUT_MS,
        intervalMs: POLL_MS,
        what: `${PODS} pods in the product's API`,
      },
    );
    const seconds = (performance.now() - (await contact.at)) / 1000;
    await product.ready;
    await sleep(SETTLE_MS);
    return { seconds, peak: product.memory().peak };
  } finally {
    await product.stop();
    contact.close();
  }
}

async function idleMemory(): Promise<number> {
  const product = await BenchedProduct.launch({ meshUpgrade: {} });
  try {
    await product.ready;
    await sleep(SETTLE_MS);
    return product.memory().now;
  } finally {
    await product.stop();
  }
}

/** Seconds until the last byte of all pods in one answer. */
async function timeRawList({
  server,
  ca,
  token,
}: TestbedCluster): Promise<number> {
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    const call = request(
      `${server}/api/v1/pods`,
      {
        ca,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
        },
      },
      answer => answer.on('end', resolve).on('error', reject).resume(),
    );
    call.on('error', reject).end();
  });
  return (performance.now() - startedAt) / 1000;
}

/** Seconds that kubectl takes; what it prints goes nowhere. */
async function timeKubectl(
  kubectl: string,
  { kubeconfig }: TestbedCluster,
): Promise<number> {
  const startedAt = performance.now();
  const code = await new Promise((resolve, reject) => {
    spawn(kubectl, ['get', 'pods', '--all-namespaces', '--output', 'json'], {
      env: { ...process.env, KUBECONFIG: kubeconfig },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
      .on('error', reject)
      .on('exit', resolve);
  });
  if (code !== 0) {
    throw new Error(`kubectl get pods ended with ${code}`);
  }
  return (performance.now() - startedAt) / 1000;
}
