import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkloadPage } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../scripts/lib/poll.mjs';
import { KubeApi } from '../../testbed/lib/kube-api.mjs';
import type { Figure } from '../Benchmark';
import { BenchedProduct, SERVICE_TOKEN } from '../inventory/BenchedProduct';
import { figure, median, say } from '../inventory/figures';
import {
  CLUSTER,
  deploymentsOf,
  grant,
  withTestbedFleet,
  type FleetSize,
  type TestbedCluster,
} from '../inventory/testbedFleet';
import { followCheck } from './followCheck';

const FLEET: FleetSize = { teams: 2, replicas: 2 };
const WORKLOADS = deploymentsOf(FLEET);
const RUNS = 3;
const SETTLE_MS = 5_000;
const SYNC_TIMEOUT_MS = 60_000;
const TOTAL_LIMIT_S = 10;
const REQUESTS_LIMIT = 3;

/** The check of two hundred selected workloads on a real API server and injector. */
export function benchSidecarChecks(): Promise<Figure[]> {
  return withTestbedFleet(FLEET, measure);
}

async function measure(cluster: TestbedCluster): Promise<Figure[]> {
  const { server, caData, token } = await grant(cluster, [
    'read.yaml',
    'restart.yaml',
  ]);
  const product = await BenchedProduct.launch({
    meshUpgrade: {
      clusters: [
        { name: CLUSTER, url: server, mode: 'restart', token, caData },
      ],
    },
  });
  const api = new KubeApi(cluster);
  try {
    await product.ready;
    const workloads = await selection(product);
    await sleep(SETTLE_MS);
    const seconds: number[] = [];
    const requests: number[] = [];
    const reads: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      reads.push(await timeReads(api, workloads));
      const before = await servedRequests(api);
      const check = await followCheck(product.url, SERVICE_TOKEN, {
        kind: 'sidecars',
        workloads,
      });
      const during = (await servedRequests(api)) - before;
      const quiet = await requestsWithin(api, check.totalMs);
      seconds.push(check.totalMs / 1000);
      requests.push((during - quiet) / workloads.length);
      say(
        `testbed: ${check.report.findings.length} findings in ${seconds[
          run
        ].toFixed(1)} s, ${requests[run].toFixed(
          2,
        )} requests for each workload`,
      );
    }
    return [
      figure({
        name: `check of ${WORKLOADS} selected workloads, median of ${RUNS}`,
        value: median(seconds),
        unit: 's',
        limit: TOTAL_LIMIT_S,
        comparedWith: `a GET of each of them, one after the other: ${median(
          reads,
        ).toFixed(1)} s`,
      }),
      figure({
        name: `requests to the API server for each workload`,
        value: Math.max(...requests),
        unit: 'requests',
        limit: REQUESTS_LIMIT,
        comparedWith:
          'what it served in as long a time without a check, taken off',
      }),
    ];
  } finally {
    api.close();
    await product.stop();
  }
}

function selection(product: BenchedProduct): Promise<string[]> {
  return poll(
    async () => {
      const page = await product.ask<WorkloadPage>(
        `/workloads?text=team-&limit=500`,
      );
      return page?.total === WORKLOADS
        ? page.items.map(({ id }) => id)
        : undefined;
    },
    {
      timeoutMs: SYNC_TIMEOUT_MS,
      intervalMs: 500,
      what: `${WORKLOADS} workloads in the product's API`,
    },
  );
}

async function timeReads(api: KubeApi, workloads: string[]): Promise<number> {
  const startedAt = performance.now();
  for (const id of workloads) {
    const [, namespace, , name] = id.split('/');
    await api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  }
  return (performance.now() - startedAt) / 1000;
}

async function requestsWithin(api: KubeApi, ms: number): Promise<number> {
  const before = await servedRequests(api);
  await sleep(ms);
  return (await servedRequests(api)) - before;
}

/** Requests that the API server has answered, by its own count. */
async function servedRequests(api: KubeApi): Promise<number> {
  const metrics: string = await api.text('GET', '/metrics');
  return metrics
    .split('\n')
    .filter(line => line.startsWith('apiserver_request_total{'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
