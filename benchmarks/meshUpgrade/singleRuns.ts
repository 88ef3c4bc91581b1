import type {
  MeshView,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { CLUSTER_NAMES } from '../../packages/lab/src/world/clusters';
import { ApiGate } from '../../reliability/ApiGate';
import { poll } from '../../scripts/lib/poll.mjs';
import type { Figure } from '../Benchmark';
import { BenchedProduct } from '../inventory/BenchedProduct';
import { figure, median, say } from '../inventory/figures';
import { LabFleet } from '../inventory/LabFleet';
import { costOf, type Cost } from './costOf';
import { prepareRun } from './startRun';

const RUNS = 7;
const PODS = 3_000;
const TARGET = '1.30.3';
const SYNC_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 120_000;
const FIRST_WRITE_LIMIT_MS = 1_000;
const END_LIMIT_MS = 3_000;
/** What is seen once by a request is seen again by a watch, and proven by a request at its end. */
const READS_PER_SELECTION = 3;
const ISTIOD = '/apis/apps/v1/namespaces/istio-system/deployments/istiod';

interface Istiod {
  metadata: { generation: number };
  spec: {
    replicas: number;
    template: { spec: { containers: { image: string }[] } };
  };
  status: {
    observedGeneration: number;
    replicas: number;
    updatedReplicas?: number;
    availableReplicas?: number;
  };
}

interface Course extends Cost {
  firstWriteMs: number;
  endMs: number;
  planMs: number;
}

/** Meshes of one cluster, upgraded one after the other. */
export async function benchSingleRuns(): Promise<Figure[]> {
  say('lab: starting');
  const fleet = await LabFleet.start({
    clusters: CLUSTER_NAMES.length + RUNS,
    pods: PODS,
    only: cluster => !CLUSTER_NAMES.includes(cluster),
  });
  const gate = await ApiGate.open(fleet.url);
  const settings = fleet.settingsVia(gate.url);
  const product = await BenchedProduct.launch({
    ...settings,
    meshUpgrade: {
      ...settings.meshUpgrade,
      meshes: fleet.clusters.map(name => ({ id: name, clusters: [name] })),
    },
  });
  try {
    await product.ready;
    const courses: Course[] = [];
    for (const cluster of fleet.clusters) {
      await knows(product, cluster);
      courses.push(await follow({ fleet, gate, product, cluster }));
    }
    return figures(courses);
  } finally {
    await product.stop();
    gate.close();
    await fleet.stop();
  }
}

async function knows(product: BenchedProduct, id: string): Promise<void> {
  await poll(
    async () => {
      const mesh = await product.ask<MeshView>(`/meshes/${id}`);
      return mesh?.version && mesh.sidecars.total > 0 ? true : undefined;
    },
    { timeoutMs: SYNC_TIMEOUT_MS, what: `mesh ${id} in the product's API` },
  );
}

async function follow(options: {
  fleet: LabFleet;
  gate: ApiGate;
  product: BenchedProduct;
  cluster: string;
}): Promise<Course> {
  const { fleet, gate, product, cluster } = options;
  const preparedAt = performance.now();
  const start = await prepareRun(product.url, {
    kind: 'mesh',
    meshId: cluster,
    targetVersion: TARGET,
  });
  const planMs = performance.now() - preparedAt;
  gate.writes.splice(0);
  const clickedAt = Date.now();
  const { id } = await start();
  gate.requests.splice(0);
  const healthyAt = await poll(
    async () => {
      const istiod = await fleet.read<Istiod>(cluster, ISTIOD);
      return isHealthy(istiod) ? Date.now() : undefined;
    },
    { timeoutMs: RUN_TIMEOUT_MS, intervalMs: 20, what: 'a healthy istiod' },
  );
  const run = await poll(
    async () => {
      const view = await product.ask<RunView>(`/runs/${id}`);
      return view?.endedAt ? view : undefined;
    },
    { timeoutMs: RUN_TIMEOUT_MS, intervalMs: 50, what: `the end of run ${id}` },
  );
  if (run.state !== 'succeeded') {
    throw new Error(`Run ${id} is ${run.state}: ${run.message}`);
  }
  const course = {
    ...costOf(gate.requests),
    planMs,
    firstWriteMs: gate.writes[0].at - clickedAt,
    endMs: Date.parse(run.endedAt!) - healthyAt,
  };
  say(`${cluster}: ${JSON.stringify(course)}`);
  return course;
}

function isHealthy({ metadata, spec, status }: Istiod): boolean {
  return (
    spec.template.spec.containers[0].image.endsWith(`:${TARGET}`) &&
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.availableReplicas === spec.replicas &&
    status.replicas === spec.replicas
  );
}

function figures(courses: Course[]): Figure[] {
  const of = (key: keyof Course) => courses.map(course => Number(course[key]));
  const comparedWith = `median of ${
    courses.length
  } runs; plan and check before each: ${median(of('planMs')).toFixed(0)} ms`;
  return [
    figure({
      name: 'from start to the first write on a cluster',
      value: median(of('firstWriteMs')),
      unit: 'ms',
      limit: FIRST_WRITE_LIMIT_MS,
      comparedWith,
    }),
    figure({
      name: 'from a healthy istiod to a run that succeeded',
      value: median(of('endMs')),
      unit: 'ms',
      limit: END_LIMIT_MS,
      comparedWith,
    }),
    figure({
      name: 'most watches that a run has of one kind at the same cluster',
      value: Math.max(...of('watchesPerKind')),
      unit: 'watches',
      limit: 1,
      comparedWith: `${median(of('writes'))} writes, ${median(
        of('dryRuns'),
      )} of them dry runs, ${median(of('watches'))} watches in all`,
    }),
    figure({
      name: 'reads of a run besides its watches',
      value: median(of('reads')),
      unit: 'requests',
      limit: READS_PER_SELECTION * median(of('selections')),
      comparedWith: `${median(
        of('selections'),
      )} selections of objects that it looks at`,
    }),
  ];
}
