import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { TestbedError } from './errors.mjs';
import { startIstio } from './istio.mjs';
import { withLock } from './lock.mjs';
import { testbedPaths } from './paths.mjs';
import { createPortAllocator } from './ports.mjs';
import { poll } from './poll.mjs';
import { isSameProcess } from './process-identity.mjs';
import { stopProcesses } from './processes.mjs';
import { recordingStart } from './recording-start.mjs';
import { readState, writeState } from './state.mjs';
import { KubeApi } from './kube-api.mjs';

/** Installs a further revision of Istio in a running cluster, with an istiod of its own. */
export function addRevision({ cluster: name, revision, owner, version }) {
  return changeRunning(async ({ state, ...context }) => {
    const cluster = clusterOf(state, name);
    if (!cluster.istiod)
      throw new TestbedError(
        `cluster ${cluster.name} has no Istio beside which there could be a revision`,
      );
    const istiod = await startIstio({
      cluster,
      install: { owner, version, revision },
      registry: state.registry,
      ...context,
    });
    cluster.revisions = [...(cluster.revisions ?? []), istiod];
    return istiod;
  });
}

/** Ends one process as a power cut would; everything else stays. */
export function killProcess(name) {
  return changeRunning(({ state }) =>
    stopProcesses([processOf(state, name)], { graceMs: 0 }),
  );
}

/** Starts a process again that was killed, and waits until an API server among them is ready. */
export function reviveProcess(name) {
  return changeRunning(async ({ state, start }) => {
    const record = processOf(state, name);
    if (isSameProcess(record))
      throw new TestbedError(`${name} runs, there is nothing to revive`);
    const { program, args, cwd, env } = record.command;
    await start(name, program, args, {
      cwd,
      env: { ...process.env, ...env },
    });
    const cluster = state.clusters.find(
      one => name === `${one.name}-kube-apiserver`,
    );
    if (cluster) await apiServerReady(cluster);
  });
}

/** The cluster of that name, by default the first one. */
export function clusterOf({ clusters }, name = clusters[0].name) {
  const cluster = clusters.find(one => one.name === name);
  if (!cluster)
    throw new TestbedError(
      `no cluster "${name}": there are ${clusters
        .map(one => one.name)
        .join(', ')}`,
    );
  return cluster;
}

async function changeRunning(change) {
  const paths = testbedPaths();
  const programs = await buildAll();
  return withLock(join(paths.state, 'up.lock'), async () => {
    const state = await readState();
    if (!state?.ready)
      throw new TestbedError('the testbed is not up: npm run testbed -- up');
    const result = await change({
      state,
      programs,
      allocatePort: createPortAllocator(),
      start: recordingStart(state, paths),
    });
    await writeState(state);
    return result;
  });
}

function processOf({ processes }, name) {
  const record = processes.find(process => process.name === name);
  if (!record)
    throw new TestbedError(
      `no process "${name}": there are ${processes
        .map(process => process.name)
        .join(', ')}`,
    );
  return record;
}

async function apiServerReady(cluster) {
  const api = new KubeApi(cluster);
  try {
    await poll(
      `API server of ${cluster.name} ready`,
      async () => {
        await api.text('GET', '/readyz');
        return true;
      },
      { timeoutMs: 60_000 },
    );
  } finally {
    api.close();
  }
}
