import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moduleSource } from './build.mjs';
import { TestbedError } from './errors.mjs';
import { runCommand } from './run-command.mjs';

export const CHART_VERSIONS = ['1.29.4', '1.30.3', '1.31.1'];

// Directory below manifests/charts of the Istio module → name of the chart in it.
const CHARTS = {
  base: 'base',
  'istio-control/istio-discovery': 'istiod',
  'istio-cni': 'cni',
  ztunnel: 'ztunnel',
  gateway: 'gateway',
};

/** The default values of a chart as a release would ship them: with its own hub and tag instead of the development ones. */
export function releaseValues(values, { hub, tag }) {
  return values
    .replaceAll(/^(\s*hub: )registry\.istio\.io\/testing$/gm, `$1${hub}`)
    .replaceAll(/^(\s*tag: )latest$/gm, `$1${tag}`);
}

/** Packages Istio's charts from its Go module as CHART_VERSIONS and pushes them to oci://`address`/charts. */
export async function pushCharts({ address, helm }) {
  const source = join(
    await moduleSource('istio', 'istio.io/istio'),
    'manifests',
    'charts',
  );
  const work = await mkdtemp(join(tmpdir(), 'testbed-charts-'));
  try {
    const packages = CHART_VERSIONS.flatMap(version =>
      Object.keys(CHARTS).map(directory => ({ version, directory })),
    );
    // Each is a short run of helm; two at a time keep both cores busy.
    const workers = [0, 1].map(async () => {
      for (let next = packages.shift(); next; next = packages.shift())
        await pushChart({ ...next, source, work, address, helm });
    });
    await Promise.all(workers);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function pushChart({ version, directory, source, work, address, helm }) {
  const name = CHARTS[directory];
  const chart = join(work, version, name);
  await cp(join(source, directory), chart, { recursive: true });
  await runCommand('chmod', ['-R', 'u+w', chart]);
  const valuesFile = join(chart, 'values.yaml');
  const values = await readFile(valuesFile, 'utf8');
  const released = releaseValues(values, {
    hub: `${address}/istio`,
    tag: version,
  });
  if (name === 'istiod' && released === values) {
    throw new TestbedError(
      `chart ${name}: ${valuesFile} has no default hub and tag of the expected form`,
    );
  }
  await writeFile(valuesFile, released);
  const env = { ...process.env, HOME: work };
  await runCommand(
    helm,
    [
      'package',
      chart,
      '--version',
      version,
      '--app-version',
      version,
      '--destination',
      join(work, version),
    ],
    { env },
  );
  await runCommand(
    helm,
    [
      'push',
      join(work, version, `${name}-${version}.tgz`),
      `oci://${address}/charts`,
      '--plain-http',
    ],
    { env },
  );
}
