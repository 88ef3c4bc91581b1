import fs from 'node:fs';
import path from 'node:path';
import { ensureBundle } from './lib/bundle.mjs';
import { unhealthyClusters } from './lib/clusterReport.mjs';
import { main } from './lib/CommandError.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { whenToldToEnd } from './lib/ending.mjs';
import { statePath } from './lib/paths.mjs';
import { requireFreePort } from './lib/ports.mjs';
import { Processes } from './lib/Processes.mjs';
import { pageAnswers, startBackend, startLab } from './lib/services.mjs';
import {
  readStartOptions,
  startHelp,
  unreadableKubeconfig,
} from './lib/startOptions.mjs';
import { Steps } from './lib/steps.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';
import { nodeVersion, yarnVersion } from './lib/versions.mjs';

await main(async () => {
  const options = readStartOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(startHelp);
    return 0;
  }
  const processes = new Processes();
  const toldToEnd = whenToldToEnd();
  try {
    return await Promise.race([
      start(options, processes).then(died => died),
      toldToEnd.then(() => 0),
    ]);
  } finally {
    await processes.stop();
  }
});

/** Resolves with an exit code when one of the servers ends by itself. */
async function start({ port, labPort, kubeconfig }, processes) {
  const steps = new Steps();
  const state = statePath(`start-${port}`);
  process.stdout.write('\nMesh Upgrade\n');

  await requireFreePort({ port, what: 'app', option: '--port' });
  if (!kubeconfig) {
    await requireFreePort({
      port: labPort,
      what: 'simulated fleet',
      option: '--lab-port',
    });
  }
  const env = await steps.run(
    `Node ${nodeVersion} and Yarn ${yarnVersion}`,
    () => ensureToolchain(),
  );
  await steps.run('Dependencies', () => ensureDependencies(env));
  await steps.run('App', () => ensureBundle(env));
  const servers = [];
  let labUrl;
  if (!kubeconfig) {
    const lab = await steps.run('Simulated fleet', () =>
      startLab(processes, {
        port: labPort,
        env,
        log: path.join(state, 'lab.log'),
      }),
    );
    labUrl = lab.url;
    servers.push(lab.running);
  }
  const backend = await steps.run('Backend', () =>
    startBackend(processes, {
      port,
      configs: [
        'app-config.yaml',
        kubeconfig
          ? writeKubeconfigConfig(state, kubeconfig)
          : 'app-config.lab.yaml',
      ],
      data: path.join(state, kubeconfig ? 'clusters-db' : 'lab-db'),
      labUrl,
      env,
      log: path.join(state, 'backend.log'),
    }),
  );
  servers.push(backend.running);
  await steps.run('Page', () => pageAnswers(backend));

  process.stdout.write(
    `\n  Open ${backend.url}\n\n  Ready after ${steps.elapsed}. Logs: ${state}. Ctrl-C ends everything.\n`,
  );
  if (kubeconfig) {
    await reportClusters(backend.url, kubeconfig);
  }
  return firstToDie(servers);
}

async function reportClusters(url, kubeconfig) {
  const unreadable = unreadableKubeconfig(kubeconfig);
  const lines = unreadable ? [unreadable] : await unhealthyClusters(url);
  lines.forEach(line => process.stdout.write(`  ! ${line}\n`));
  if (lines.length === 0 && kubeconfig.mode === 'read') {
    process.stdout.write(
      '  Every cluster answers. Nothing can be changed on them: start with --allow-upgrades to upgrade.\n',
    );
  }
}

async function firstToDie(servers) {
  const { server, how } = await Promise.race(
    servers.map(server => server.ended.then(how => ({ server, how }))),
  );
  process.stderr.write(
    `\nThe ${server.name} ended with ${how}. Its last lines, of ${
      server.log
    }:\n\n${server.tail()}\n`,
  );
  return 1;
}

function writeKubeconfigConfig(folder, { file, contexts, mode }) {
  const config = path.join(folder, 'app-config.kubeconfig.yaml');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    config,
    JSON.stringify({
      meshUpgrade: {
        kubeconfig: [{ file, mode, ...(contexts.length > 0 && { contexts }) }],
      },
    }),
  );
  return config;
}
