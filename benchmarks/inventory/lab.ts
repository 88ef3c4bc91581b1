import { poll } from '../../scripts/lib/poll.mjs';
import { startPostgres } from '../../scripts/lib/postgres.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../Benchmark';
import { BenchedProduct } from './BenchedProduct';
import { figure, percentile, say } from './figures';
import { measureFreshness } from './freshness';
import { KeepAliveClient } from './KeepAliveClient';
import { CLUSTERS, LabFleet, PODS, type LoadPod } from './LabFleet';
import { workloadQueries, type QueryKind } from './queries';
import { runUsers, THINK_MS } from './users';

const USERS = 20;
/** A quiet Node collects all garbage every hundred seconds: no phase is to be spared that. */
const PHASE_MS = 120_000;
const CHANGES = 440;
const REPLACED_A_MINUTE = 1_000;
const REPLACED = (REPLACED_A_MINUTE * PHASE_MS) / 60_000;
const SYNC_TIMEOUT_MS = 180_000;
/** After it nothing of the start goes on any more. */
const SETTLE_MS = 15_000;

const P95_LIMIT_MS = 30;
const P99_LIMIT_MS = 80;
const FRESH_LIMIT_MS = 1_000;
/** How far the replaced pods may move the figures. */
const CHURN_FACTOR = 1.5;

const POOL_PER_CLUSTER = 800;

/** Queries, freshness and quietness with a hundred thousand pods, on both databases. */
export async function benchLab(): Promise<Figure[]> {
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
    await synced(product);
    await sleep(SETTLE_MS);
    return await measureFleet({ database, fleet, product });
  } finally {
    await product.stop();
    await fleet.stop();
  }
}

async function synced(product: BenchedProduct): Promise<void> {
  await poll(
    async () => {
      const meshes = (await product.ask('/meshes'))?.items ?? [];
      const sidecars = meshes.reduce(
        (sum: number, mesh: any) => sum + mesh.sidecars.total,
        0,
      );
      return sidecars > PODS * 0.99 || undefined;
    },
    {
      timeoutMs: SYNC_TIMEOUT_MS,
      intervalMs: 1_000,
      what: `${PODS} pods in the product's API`,
    },
  );
}

/** What some minutes of use told. */
interface Phase {
  queries: Map<string, number[]>;
  changes: number[];
  lists: number;
}

async function measureFleet(options: {
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
  const pool = await fleet.loadPods(POOL_PER_CLUSTER);
  const probed = spread(onePerDeployment(pool)).slice(0, CHANGES);
  const probedDeployments = new Set(probed.map(deploymentOf));
  const replaced = spread(
    pool.filter(pod => !probedDeployments.has(deploymentOf(pod))),
  ).slice(0, REPLACED);

  const phase = async (): Promise<Phase> => {
    const before = await fleet.listRequests();
    const [queries, changes] = await Promise.all([
      runUsers({
        url: product.url,
        tokens: Array.from({ length: USERS }, (_, user) => people[user % 2]),
        kinds,
        durationMs: PHASE_MS,
      }),
      measureFreshness({
        fleet,
        url: product.url,
        token: people[0],
        pods: probed,
        durationMs: PHASE_MS,
      }),
    ]);
    return { queries, changes, lists: (await fleet.listRequests()) - before };
  };

  const rest = await phase();
  report(`lab, ${database}, at rest`, rest, kinds);
  const [churn] = await Promise.all([
    phase(),
    fleet.replace(replaced, PHASE_MS),
  ]);
  report(`lab, ${database}, with replaced pods`, churn, kinds);
  return [
    ...restFigures(database, rest),
    ...churnFigures(database, rest, churn),
  ];
}

function restFigures(database: string, rest: Phase): Figure[] {
  const { p95, p99, fresh } = summary(rest);
  const people = `${USERS} users who think ${THINK_MS / 1000} s`;
  return [
    figure({
      name: `${database}: p95 of the slowest kind of workload query`,
      value: p95,
      unit: 'ms',
      limit: P95_LIMIT_MS,
      comparedWith: `${people}; median of all queries: ${median(rest)} ms`,
    }),
    figure({
      name: `${database}: p99 of all workload queries`,
      value: p99,
      unit: 'ms',
      limit: P99_LIMIT_MS,
      comparedWith: `${people}; median of all queries: ${median(rest)} ms`,
    }),
    figure({
      name: `${database}: p99 until a pod's change is visible`,
      value: fresh,
      unit: 'ms',
      limit: FRESH_LIMIT_MS,
      comparedWith: `median of ${rest.changes.length} changes: ${percentile(
        rest.changes,
        50,
      ).toFixed(0)} ms`,
    }),
    figure({
      name: `${database}: list requests to API servers while they are used`,
      value: rest.lists,
      unit: 'requests',
      limit: 0,
      comparedWith: `${count(rest)} page views on ${CLUSTERS} clusters`,
    }),
  ];
}

function churnFigures(database: string, rest: Phase, churn: Phase): Figure[] {
  const before = summary(rest);
  const during = summary(churn);
  const moved = (name: string, key: keyof typeof before) =>
    figure({
      name: `${database}, ${REPLACED_A_MINUTE} pods replaced a minute: ${name}`,
      value: during[key],
      unit: 'ms',
      limit: CHURN_FACTOR * before[key],
      comparedWith: `at rest: ${before[key].toFixed(1)} ms`,
    });
  return [
    moved('p95 of the slowest kind', 'p95'),
    moved('p99 of all', 'p99'),
    moved('p99 of visible changes', 'fresh'),
  ];
}

function summary({ queries, changes }: Phase) {
  return {
    p95: Math.max(...[...queries.values()].map(times => percentile(times, 95))),
    p99: percentile([...queries.values()].flat(), 99),
    fresh: percentile(changes, 99),
  };
}

function median({ queries }: Phase): string {
  return percentile([...queries.values()].flat(), 50).toFixed(1);
}

function count({ queries }: Phase): number {
  return [...queries.values()].flat().length;
}

function report(title: string, phase: Phase, kinds: QueryKind[]): void {
  const { p95, p99, fresh } = summary(phase);
  say(
    `${title}: p95 of the slowest kind ${p95.toFixed(1)} ms, p99 ${p99.toFixed(
      1,
    )} ms, visible ${fresh.toFixed(0)} ms, ${phase.lists} lists`,
  );
  for (const { name } of kinds) {
    const times = phase.queries.get(name)!;
    say(
      `  ${name}: ${times.length} answers, median ${percentile(
        times,
        50,
      ).toFixed(1)} ms, p95 ${percentile(times, 95).toFixed(1)} ms`,
    );
  }
}

function deploymentOf({ cluster, namespace, deployment }: LoadPod): string {
  return `${cluster}/${namespace}/${deployment}`;
}

function onePerDeployment(pods: LoadPod[]): LoadPod[] {
  return [...new Map(pods.map(pod => [deploymentOf(pod), pod])).values()];
}

/** In an order in which neighbours are of different clusters. */
function spread(pods: LoadPod[]): LoadPod[] {
  const rows = [...new Set(pods.map(({ cluster }) => cluster))].map(name =>
    pods.filter(({ cluster }) => cluster === name),
  );
  const longest = Math.max(...rows.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    rows.flatMap(row => row[index] ?? []),
  ).flat();
}
