import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertArgoCdPrerequisites } from './argocd.mjs';
import { buildAll } from './build.mjs';
import { pushCharts } from './charts.mjs';
import { startControlPlane } from './control-plane.mjs';
import { down } from './down.mjs';
import { TestbedError } from './errors.mjs';
import { startIstio } from './istio.mjs';
import { kubeconfig } from './kubeconfig.mjs';
import { withLock } from './lock.mjs';
import { testbedPaths } from './paths.mjs';
import { createPortAllocator, isFree } from './ports.mjs';
import { ARGOCD_PARTS, NODE_PARTS, PARTS } from './parts.mjs';
import { poll } from './poll.mjs';
import { isSameProcess } from './process-identity.mjs';
import { assertRunning } from './processes.mjs';
import { recordingStart } from './recording-start.mjs';
import {
  assertRegistryInstalled,
  pushImages,
  startRegistry,
} from './registry.mjs';
import { claimRealNode } from './real-node/claim.mjs';
import { NODE_NAME } from './real-node/files.mjs';
import { pushNodeImages } from './real-node/images.mjs';
import { ensureRequirements } from './real-node/requirements.mjs';
import { startRealNode } from './real-node/start.mjs';
import { startIstiodRunner } from './start-istiod-runner.mjs';
import { readState, writeState } from './state.mjs';
import { step } from './steps.mjs';

const JOB_RUNNER = fileURLToPath(new URL('job-runner.mjs', import.meta.url));

/** Builds what is missing, starts `clusters` ({name, kubernetesVersion, istio}) and returns the state; a no-op when all of it runs. */
export async function up(clusters) {
  const paths = testbedPaths();
  await assertRegistryInstalled();
  const withArgoCd = clusters.some(({ istio }) => istio?.owner === 'argocd');
  if (withArgoCd) await assertArgoCdPrerequisites();
  const withRealNode = clusters.some(({ realNode }) => realNode);
  if (withRealNode) await ensureRequirements();
  const programs = await buildAll([
    ...PARTS,
    ...(withArgoCd ? ARGOCD_PARTS : []),
    ...(withRealNode ? NODE_PARTS : []),
  ]);
  return withLock(
    join(paths.state, 'up.lock'),
    async () => {
      const running = await readState();
      if (running)
        return { state: assertSameAndAlive(running, clusters), started: false };
      return {
        state: await startAll(clusters, programs, paths),
        started: true,
      };
    },
    {
      onWait: holder =>
        process.stderr.write(
          `… another "up" (pid ${holder?.pid}) is at work, waiting\n`,
        ),
    },
  );
}

function assertSameAndAlive(state, clusters) {
  const dead = state.processes
    .filter(record => !isSameProcess(record))
    .map(({ name }) => name);
  if (dead.length > 0)
    throw new TestbedError(
      `the testbed is up but not whole: ${dead.join(
        ', ',
      )} ended; run "down", then "up"`,
    );
  if (!state.ready)
    throw new TestbedError(
      'an earlier "up" was interrupted; run "down", then "up"',
    );
  const describe = list =>
    list
      .map(
        ({ name, kubernetesVersion, realNode }) =>
          `${name}:${kubernetesVersion}${realNode ? ' with a real node' : ''}`,
      )
      .join(', ');
  if (describe(state.clusters) !== describe(clusters)) {
    throw new TestbedError(
      `the testbed is up with ${describe(
        state.clusters,
      )}; run "down" first to start ${describe(clusters)}`,
    );
  }
  return state;
}

async function startAll(clusters, programs, paths) {
  await rm(paths.run, { recursive: true, force: true });
  await rm(paths.logs, { recursive: true, force: true });
  await mkdir(paths.run, { recursive: true, mode: 0o700 });
  await mkdir(paths.logs, { recursive: true });
  const state = {
    ready: false,
    registry: undefined,
    clusters: [],
    processes: [],
    realNodes: [],
  };
  const abort = new AbortController();
  const context = {
    allocatePort: createPortAllocator(),
    start: recordingStart(state, paths, abort.signal),
    programs,
  };
  const interrupted = new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () =>
        reject(
          new TestbedError(
            `${signal}: stopped everything that had been started`,
            { exitCode: 130 },
          ),
        ),
      );
    }
  });
  try {
    await Promise.race([
      startParts({ clusters, paths, state, context }),
      interrupted,
    ]);
  } catch (error) {
    // The other side of the race may still be at work; nothing may be started behind the back of "down".
    abort.abort(error);
    await down(state.processes);
    throw error;
  }
  return state;
}

async function startParts({ clusters, paths, state, context }) {
  state.registry = await step(
    'OCI registry with images and charts',
    async () => {
      const address = await startRegistry({ directory: paths.run, ...context });
      await Promise.all([
        pushImages(address),
        pushCharts({ address, helm: context.programs.helm }),
      ]);
      return address;
    },
  );
  if (clusters.some(({ realNode }) => realNode))
    await step('images for real nodes', () =>
      pushNodeImages(state.registry, context.programs),
    );
  for (const { name, kubernetesVersion, istio, realNode } of clusters) {
    const claimed = realNode && (await claim(state, join(paths.run, name)));
    const cluster = await step(
      `cluster ${name}, Kubernetes ${kubernetesVersion}`,
      async () => {
        const controlPlane = await startControlPlane({
          name,
          kubernetesVersion,
          directory: join(paths.run, name),
          realNode: claimed,
          reachesServices: istio?.owner === 'others',
          ...context,
        });
        await startJobRunner({
          cluster: controlPlane,
          paths,
          registry: state.registry,
          ...context,
        });
        return controlPlane;
      },
    );
    state.clusters.push(cluster);
    if (claimed)
      cluster.realNode = await step(`real node of ${name}`, () =>
        startRealNode({
          cluster,
          realNode: claimed,
          registry: state.registry,
          ...context,
        }),
      );
    if (!istio) continue;
    if (istio.owner === 'others') {
      await step(`istiod runner of ${name}`, () =>
        startIstiodRunner({ cluster, paths, ...context }),
      );
      cluster.istioOfOthers = true;
      continue;
    }
    cluster.istiod = await step(
      `Istio ${istio.version} in ${name}, installed by ${istio.owner}`,
      () =>
        startIstio({
          cluster,
          install: istio,
          registry: state.registry,
          ...context,
        }),
    );
  }
  await writeFile(
    paths.kubeconfig,
    JSON.stringify(kubeconfig(state.clusters), undefined, 2),
    { mode: 0o600 },
  );
  state.ready = true;
  await writeState(state);
}

/** Written down before anything else, so that "down" finds it. */
async function claim(state, directory) {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const claimed = await claimRealNode(directory);
  const { network, cgroup } = claimed;
  state.realNodes.push({ network, cgroup });
  await writeState(state);
  return claimed;
}

async function startJobRunner({ cluster, paths, registry, programs, start }) {
  const directory = join(cluster.directory, 'jobs');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(cluster.directory, 'job-runner.json');
  const certificates = join(cluster.directory, 'certificates');
  await writeFile(
    file,
    JSON.stringify({
      cluster: {
        name: cluster.name,
        server: cluster.server,
        ca: cluster.ca,
        token: cluster.token,
      },
      port: cluster.kubeletPort,
      certificate: join(certificates, 'apiserver.crt'),
      key: join(certificates, 'apiserver.key'),
      directory,
      logs: join(paths.logs, 'jobs', cluster.name),
      registry,
      realNode: NODE_NAME,
      programs: [programs.helm, programs.istioctl, programs.kubectl],
    }),
    { mode: 0o600 },
  );
  const runner = await start(`${cluster.name}-job-runner`, process.execPath, [
    JOB_RUNNER,
    file,
  ]);
  await poll(`job runner of ${cluster.name} serving logs`, async () => {
    assertRunning(runner);
    return (await isFree(cluster.kubeletPort)) ? undefined : true;
  });
}
