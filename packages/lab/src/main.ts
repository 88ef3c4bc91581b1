import { parseArgs } from 'node:util';
import { startLab } from './startLab';
import { writeCatalog } from './world/writeCatalog';

const DEFAULT_PORT = 7500;

const USAGE = `Usage: lab [--port ${DEFAULT_PORT}] [--seed 1] [--clusters N] [--pods N] [--speed 1] [--write-catalog]`;

async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      seed: { type: 'string' },
      clusters: { type: 'string' },
      pods: { type: 'string' },
      speed: { type: 'string' },
      'write-catalog': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (values['write-catalog']) {
    console.log(`Wrote ${(await writeCatalog()).join(', ')}`);
    return;
  }
  const lab = await startLab({
    port: numberOf('port', values.port) ?? DEFAULT_PORT,
    seed: numberOf('seed', values.seed),
    clusters: numberOf('clusters', values.clusters),
    pods: numberOf('pods', values.pods),
    speed: numberOf('speed', values.speed),
  });
  console.log(`Lab ready at ${lab.url} (kubeconfig: ${lab.url}/kubeconfig)`);
  const stop = () => {
    void lab.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function numberOf(name: string, text: string | undefined) {
  const value = text === undefined ? undefined : Number(text);
  if (value !== undefined && (!Number.isFinite(value) || value < 0)) {
    throw new Error(`--${name} takes a number, not "${text}"\n${USAGE}`);
  }
  return value;
}

main().catch(error => {
  const { code, message } = error as NodeJS.ErrnoException;
  console.error(
    code === 'EADDRINUSE'
      ? `${message}: another process uses this port; end it or give another one with --port`
      : message,
  );
  process.exitCode = 1;
});
