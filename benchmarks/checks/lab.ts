import { setTimeout as sleep } from 'node:timers/promises';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../scripts/lib/poll.mjs';
import { CLUSTER_NAMES } from '../../packages/lab/src/world/clusters';
import type { Figure } from '../Benchmark';
import { BenchedProduct } from '../inventory/BenchedProduct';
import { figure, median, say } from '../inventory/figures';
import { KeepAliveClient } from '../inventory/KeepAliveClient';
import { LabFleet } from '../inventory/LabFleet';
import { followCheck } from './followCheck';

const MESH = 'fleet';
const CLUSTERS = 10;
const PODS_PER_CLUSTER = 10_000;
const PODS = CLUSTERS * PODS_PER_CLUSTER;
const TARGET = '1.30.3';
const RUNS = 5;
const SETTLE_MS = 10_000;
const SYNC_TIMEOUT_MS = 180_000;
const FIRST_LIMIT_MS = 500;
const TOTAL_LIMIT_MS = 5_000;

/** The environment check of a mesh over ten clusters with a hundred thousand pods. */
export async function benchMeshCheck(): Promise<Figure[]> {
  say('lab: starting');
  const clusters = CLUSTER_NAMES.length + CLUSTERS;
  const fleet = await LabFleet.start({
    clusters,
    pods: clusters * PODS_PER_CLUSTER,
    only: cluster => !CLUSTER_NAMES.includes(cluster),
  });
  const product = await BenchedProduct.launch(fleet.settings);
  try {
    await product.ready;
    await poll(
      async () => {
        const mesh = await product.ask<MeshView>(`/meshes/${MESH}`);
        return (mesh && mesh.sidecars.total > PODS * 0.95) || undefined;
      },
      {
        timeoutMs: SYNC_TIMEOUT_MS,
        intervalMs: 1_000,
        what: `${PODS} pods of mesh ${MESH}`,
      },
    );
    await sleep(SETTLE_MS);
    return await measure(product);
  } finally {
    await product.stop();
    await fleet.stop();
  }
}

async function measure(product: BenchedProduct): Promise<Figure[]> {
  const token = await product.signIn('ada');
  const client = new KeepAliveClient(`${product.url}/api/mesh-upgrade`, token);
  const views: number[] = [];
  const first: number[] = [];
  const total: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    views.push((await client.timed('GET', `/meshes/${MESH}`)).ms);
    const check = await followCheck(product.url, token, {
      kind: 'mesh',
      meshId: MESH,
      targetVersion: TARGET,
    });
    first.push(check.firstResultMs);
    total.push(check.totalMs);
    say(
      `lab: ${
        check.report.findings.length
      } findings, first result ${check.firstResultMs.toFixed(
        0,
      )} ms, all ${check.totalMs.toFixed(0)} ms`,
    );
  }
  client.close();
  const comparedWith = `median of ${RUNS}; the mesh alone, GET /meshes/${MESH}: ${median(
    views,
  ).toFixed(0)} ms`;
  return [
    figure({
      name: `first result of the environment check of ${CLUSTERS} clusters with ${PODS} pods`,
      value: median(first),
      unit: 'ms',
      limit: FIRST_LIMIT_MS,
      comparedWith,
    }),
    figure({
      name: `the whole environment check`,
      value: median(total),
      unit: 'ms',
      limit: TOTAL_LIMIT_MS,
      comparedWith,
    }),
  ];
}
