import { testbedPaths } from './paths.mjs';
import { isSameProcess } from './process-identity.mjs';
import { readState } from './state.mjs';

/**
 * What runs, without secrets. `up` is true only when `up` came to its end and each process still lives;
 * `jobRunner` gives per cluster the pid of the process that executes Jobs and serves their logs.
 */
export async function status() {
  const paths = testbedPaths();
  const state = await readState();
  const processes = (state?.processes ?? []).map(
    ({ name, pid, startTime, log }) => ({
      name,
      pid,
      running: isSameProcess({ pid, startTime }),
      log,
    }),
  );
  const clusters = (state?.clusters ?? []).map(
    ({
      name,
      server,
      kubernetesVersion,
      kubeconfig,
      etcd,
      istiod,
      istioOfOthers,
      realNode,
    }) => ({
      name,
      context: name,
      server,
      kubernetesVersion,
      kubeconfig,
      etcd,
      istiod: istiod ?? null,
      istioOfOthers: Boolean(istioOfOthers),
      realNode: realNode ?? null,
    }),
  );
  return {
    up: Boolean(state?.ready) && processes.every(({ running }) => running),
    registry: state?.registry ?? null,
    kubeconfig: state?.ready ? paths.kubeconfig : null,
    logs: paths.logs,
    clusters,
    pids: Object.fromEntries(
      processes
        .filter(({ running }) => running)
        .map(({ name, pid }) => [name, pid]),
    ),
    jobRunner: Object.fromEntries(
      clusters.map(({ name }) => [
        name,
        processes.find(
          process => process.running && process.name === `${name}-job-runner`,
        )?.pid ?? null,
      ]),
    ),
    processes,
  };
}

/** The same for the eye. */
export function statusTable({
  up,
  registry,
  kubeconfig,
  logs,
  clusters,
  processes,
}) {
  if (processes.length === 0) return 'The testbed is down.';
  const rows = [
    ...clusters.map(
      ({ name, kubernetesVersion, server, istiod, istioOfOthers }) => [
        name,
        `Kubernetes ${kubernetesVersion}`,
        server,
        istiod
          ? `Istio installed by ${istiod.owner} as ${istiod.version}`
          : istioOfOthers
          ? 'Istio is left to others'
          : 'no Istio',
      ],
    ),
    ...processes.map(({ name, pid, running }) => [
      name,
      running ? 'running' : 'ENDED',
      `pid ${pid}`,
      '',
    ]),
  ];
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map(row => row[column].length)),
  );
  const lines = rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  return [
    up
      ? 'The testbed is up.'
      : 'The testbed is not whole: run "down", then "up".',
    `OCI registry  ${registry ?? 'not started'}`,
    `kubeconfig    ${kubeconfig ?? 'not written yet'}`,
    `logs          ${logs}`,
    '',
    ...lines,
  ].join('\n');
}
