#!/usr/bin/env node
import { buildAll } from './lib/build.mjs';
import {
  addRevision,
  clusterOf,
  killProcess,
  reviveProcess,
} from './lib/change-running.mjs';
import { down } from './lib/down.mjs';
import { TestbedError } from './lib/errors.mjs';
import {
  parse,
  parseProcessName,
  parseRevisionOptions,
  parseUpOptions,
  parseWorkloadOptions,
} from './lib/options.mjs';
import { ARGOCD_PARTS, PARTS } from './lib/parts.mjs';
import { testbedPaths } from './lib/paths.mjs';
import { readFile } from 'node:fs/promises';
import { readState } from './lib/state.mjs';
import { status, statusTable } from './lib/status.mjs';
import { step } from './lib/steps.mjs';
import { up } from './lib/up.mjs';
import { createWorkloads } from './lib/workloads.mjs';

const USAGE = `Usage: npm run testbed -- COMMAND

  build                         build all programs into the cache
  up [--clusters NAME[:VERSION],...] [--istio helm:VERSION|istioctl:VERSION|argocd:VERSION|others|none,...] [--real-node NAME,...]
                                start registry and clusters (default: testbed with Istio by Helm, testbed-old without);
                                pods can run on the clusters named last
  down                          end everything "up" started
  status [--json]               what runs; exit code 1 when not all of it does
  kubeconfig                    print a kubeconfig with one context per cluster
  workloads --namespace NAME [--count N] [--replicas R] [--cluster NAME]
                                create Deployments with sidecars and wait for them
  revision --name NAME --istio helm:VERSION|istioctl:VERSION [--cluster NAME]
                                install a further revision of Istio, with an istiod of its own
  kill PROCESS                  end one process of "status" without warning
  revive PROCESS                start it again
`;

const COMMANDS = {
  async build(args) {
    parse(args, {});
    await step('all programs in the cache', () =>
      buildAll([...PARTS, ...ARGOCD_PARTS]),
    );
    print(testbedPaths().cache);
  },
  async up(args) {
    const { started, state } = await up(parseUpOptions(args));
    print(
      started
        ? 'The testbed is up.'
        : 'The testbed was up already; nothing was started.',
    );
    for (const { name, kubernetesVersion, server } of state.clusters)
      print(`  ${name}: Kubernetes ${kubernetesVersion} at ${server}`);
    print(
      `  OCI registry: ${state.registry}\nkubeconfig: ${
        testbedPaths().kubeconfig
      }`,
    );
  },
  async down(args) {
    parse(args, {});
    const ended = await down();
    print(
      ended === 0
        ? 'Nothing was running.'
        : `Ended ${ended} processes; logs of the run: ${testbedPaths().logs}`,
    );
  },
  async status(args) {
    const { values } = parse(args, { json: { type: 'boolean' } });
    const current = await status();
    print(
      values.json
        ? JSON.stringify(current, undefined, 2)
        : statusTable(current),
    );
    if (!current.up) process.exitCode = 1;
  },
  async kubeconfig(args) {
    parse(args, {});
    await readyState();
    print((await readFile(testbedPaths().kubeconfig, 'utf8')).trim());
  },
  async workloads(args) {
    const options = parseWorkloadOptions(args);
    const cluster = clusterOf(await readyState(), options.cluster);
    const pods = await step(
      `workloads in ${cluster.name}/${options.namespace}`,
      () => createWorkloads(cluster, options),
    );
    print(
      `${pods.length} pods are Ready with sidecars in ${cluster.name}/${options.namespace}`,
    );
  },
  async revision(args) {
    const options = parseRevisionOptions(args);
    await step(
      `Istio ${options.version} as revision ${options.revision}, installed by ${options.owner}`,
      () => addRevision(options),
    );
  },
  async kill(args) {
    await killProcess(parseProcessName(args));
  },
  async revive(args) {
    const name = parseProcessName(args);
    await step(`${name} runs again`, () => reviveProcess(name));
  },
};

function print(text) {
  process.stdout.write(`${text}\n`);
}

async function readyState() {
  const state = await readState();
  if (!state?.ready)
    throw new TestbedError('the testbed is not up: npm run testbed -- up');
  return state;
}

const [name, ...args] = process.argv.slice(2);
try {
  if (!Object.hasOwn(COMMANDS, name ?? '')) {
    process.stderr.write(USAGE);
    throw new TestbedError(
      name ? `there is no command "${name}"` : 'name a command',
      { exitCode: 2 },
    );
  }
  await COMMANDS[name](args);
} catch (error) {
  process.stderr.write(
    `testbed: ${error instanceof TestbedError ? error.message : error.stack}\n`,
  );
  process.exitCode = error.exitCode ?? 1;
}
