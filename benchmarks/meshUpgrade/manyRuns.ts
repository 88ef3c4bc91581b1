import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../scripts/lib/poll.mjs';
import { startPostgres } from '../../scripts/lib/postgres.mjs';
import type { Figure } from '../Benchmark';
import { BenchedProduct } from '../inventory/BenchedProduct';
import { figure, percentile, say } from '../inventory/figures';
import { KeepAliveClient } from '../inventory/KeepAliveClient';
import { LabFleet, PODS } from '../inventory/LabFleet';
import { workloadQueries } from '../inventory/queries';
import { runUsers } from '../inventory/users';
import { prepareRun } from './startRun';

const RUNS = 100;
const AT_ONCE = 10;
const USERS = 20;
const PHASE_MS = 60_000;
const SETTLE_MS = 15_000;
const SYNC_TIMEOUT_MS = 180_000;
const END_TIMEOUT_MS = 120_000;
const P95_LIMIT_MS = 30;

/** Users ask while a hundred runs are under way on a hundred thousand pods. */
export async function benchManyRuns(): Promise<Figure[]> {
  const sqlite = await withFleet(undefined);
  const postgres = await startPostgres();
  try {
    return [...sqlite, ...(await withFleet(postgres.url))];
  } finally {
    await postgres.stop();
  }
}

async function withFleet(postgresUrl: string | undefined): Promise<Figure[]> {
  const database = postgresUrl ? 'PostgreSQL' : 'SQLite';
  say(`lab, ${database}: starting`);
  const fleet = await LabFleet.start();
  const product = await BenchedProduct.launch({
    ...fleet.settings,
    ...(postgresUrl && {
      backend: { database: { client: 'pg', connection: postgresUrl } },
    }),
  });
  try {
    await product.ready;
    await poll(
      async () => {
        const page = await product.ask('/workloads?limit=1&text=load-');
        return page?.total > (PODS / 10) * 0.9 || undefined;
      },
      {
        timeoutMs: SYNC_TIMEOUT_MS,
        intervalMs: 1_000,
        what: `${PODS} pods in the product's API`,
      },
    );
    await sleep(SETTLE_MS);
    return await measure({ database, fleet, product });
  } finally {
    await product.stop();
    await fleet.stop();
  }
}

async function measure(options: {
  database: string;
  fleet: LabFleet;
  product: BenchedProduct;
}): Promise<Figure[]> {
  const { database, fleet, product } = options;
  const people = [await product.signIn('ada'), await product.signIn('finn')];
  const client = new KeepAliveClient(
    `${product.url}/api/mesh-upgrade`,
    people[0],
  );
  const kinds = await workloadQueries(client);
  client.close();
  const minute = async () => {
    const readsBefore = await fleet.readRequests();
    const times = await runUsers({
      url: product.url,
      tokens: Array.from({ length: USERS }, (_, user) => people[user % 2]),
      kinds,
      durationMs: PHASE_MS,
    });
    return {
      p95: Math.max(...[...times.values()].map(kind => percentile(kind, 95))),
      reads: growth(readsBefore, await fleet.readRequests()),
    };
  };
  const rest = await minute();
  // Their new pods do not get ready, so that all runs stay under way.
  await fleet.turn({ neverReady: [{ namePrefix: 'load-' }] });
  await startRuns(product);
  // What they follow is listed once.
  await sleep(SETTLE_MS);
  const before = await active(product);
  const during = await minute();
  const after = await active(product);
  await fleet.turn({});
  await poll(async () => ((await active(product)) === 0 ? true : undefined), {
    timeoutMs: END_TIMEOUT_MS,
    intervalMs: 500,
    what: 'all runs to end',
  });
  say(
    `lab, ${database}: ${JSON.stringify(rest)} at rest, ${JSON.stringify(
      during,
    )} with ${after} runs`,
  );
  return [
    figure({
      name: `${database}: p95 of the slowest kind of workload query during ${Math.min(
        before,
        after,
      )} runs`,
      value: during.p95,
      unit: 'ms',
      limit: P95_LIMIT_MS,
      comparedWith: `without any run: ${rest.p95.toFixed(1)} ms`,
    }),
    figure({
      name: `${database}: gets and lists in a minute of ${RUNS} runs that wait for pods`,
      value: sum(during.reads),
      unit: 'requests',
      limit: sum(rest.reads),
      comparedWith: `without any run: ${sum(rest.reads)}`,
    }),
  ];
}

async function startRuns(product: BenchedProduct): Promise<void> {
  const { items } = (await product.ask<{ items: { id: string }[] }>(
    `/workloads?text=load-&outdated=true&limit=${RUNS}`,
  ))!;
  if (items.length < RUNS) {
    throw new Error(`Only ${items.length} workloads can be upgraded`);
  }
  for (let i = 0; i < RUNS; i += AT_ONCE) {
    await Promise.all(
      items.slice(i, i + AT_ONCE).map(async ({ id }) => {
        const start = await prepareRun(product.url, {
          kind: 'sidecars',
          workloads: [id],
        });
        await start();
      }),
    );
  }
}

async function active(product: BenchedProduct): Promise<number> {
  const page = await product.ask<{ items: RunSummary[] }>(
    `/runs?active=true&limit=500`,
  );
  return page?.items.length ?? 0;
}

/** What grew, and by how much. */
function growth(
  before: Map<string, number>,
  after: Map<string, number>,
): Record<string, number> {
  return Object.fromEntries(
    [...after]
      .map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const)
      .filter(([, more]) => more > 0),
  );
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
