import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installWithArgoCd } from './argocd-istio.mjs';
import { allocateIstiodPorts, istiodCommand } from './istiod-process.mjs';
import { KubeApi } from './kube-api.mjs';
import { poll } from './poll.mjs';
import { assertRunning } from './processes.mjs';
import { ON_REAL_NODE } from './real-node/files.mjs';
import { runCommand } from './run-command.mjs';
import { TestbedError } from './errors.mjs';

const NAMESPACE = 'istio-system';
const DEFAULT_REVISION = 'default';

/** Reads `helm:1.29.4`, `istioctl:1.29.4`, `argocd:1.29.4`, `others` (somebody else installs it later) or `none` (undefined). */
export function parseIstioInstall(text) {
  if (text === 'none') return undefined;
  if (text === 'others') return { owner: 'others' };
  const match = /^(helm|istioctl|argocd):(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(
    text,
  );
  if (!match)
    throw new TestbedError(
      `"${text}" is not an Istio installation: helm:VERSION, istioctl:VERSION, argocd:VERSION, others or none`,
    );
  return { owner: match[1], version: match[2] };
}

/**
 * Installs Istio and then runs istiod as a process of this machine, to which the cluster's webhooks are directed.
 * With `install.revision` it is a further revision beside the one that is there.
 */
export async function startIstio({
  cluster,
  install,
  registry,
  programs,
  allocatePort,
  start,
}) {
  const revision = install.revision ?? DEFAULT_REVISION;
  const ports = await allocateIstiodPorts(allocatePort);
  const webhook = `https://localhost:${ports.https}`;
  const settings = {
    injectionURL: `${webhook}/inject`,
    validationURL: `${webhook}/validate`,
    hub: `${registry}/istio`,
    onRealNode: cluster.realNode !== undefined,
  };
  const home = join(cluster.directory, `istio-${revision}`);
  await mkdir(home, { recursive: true });
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, HOME: home };
  if (install.owner === 'helm')
    await installWithHelm({
      install,
      settings,
      registry,
      helm: programs.helm,
      home,
      env,
    });
  else if (install.owner === 'argocd')
    await installWithArgoCd({
      cluster,
      install,
      namespace: NAMESPACE,
      values: helmValues(settings),
      registry,
      programs,
      allocatePort,
      start,
    });
  else
    await installWithIstioctl({
      install,
      settings,
      istioctl: programs.istioctl,
      env,
    });

  const command = istiodCommand({
    kubeconfig: cluster.kubeconfig,
    ports,
    namespace: NAMESPACE,
    revision,
    // Without it the certificate does not fit the webhooks' URL and the API server refuses it.
    host: 'localhost',
  });
  const istiod = await start(
    install.revision
      ? `${cluster.name}-istiod-${revision}`
      : `${cluster.name}-istiod`,
    programs['pilot-discovery'],
    command.args,
    { cwd: home, env: { ...process.env, ...command.env } },
  );
  await waitForInjection(cluster, istiod, revision);
  return {
    ...install,
    namespace: NAMESPACE,
    webhook,
    monitoring: `http://127.0.0.1:${ports.monitoring}`,
  };
}

/** Small, because during an upgrade twice as many run on it as before. */
const ISTIOD_ON_REAL_NODE = {
  ...ON_REAL_NODE,
  resources: { requests: { cpu: '10m', memory: '128Mi' } },
};

/** User values as someone could have chosen them, so that an upgrade which loses them is noticed. */
function helmValues({ injectionURL, validationURL, onRealNode }) {
  return {
    base: { base: { validationURL } },
    istiod: {
      autoscaleEnabled: false,
      replicaCount: 2,
      global: { meshID: 'testbed' },
      meshConfig: { accessLogFile: '/dev/stdout' },
      istiodRemote: { injectionURL },
      base: { validationURL },
      ...(onRealNode && ISTIOD_ON_REAL_NODE),
    },
  };
}

async function installWithHelm({
  install,
  settings,
  registry,
  helm,
  home,
  env,
}) {
  const values = helmValues(settings);
  const { revision } = install;
  const releases = revision
    ? [[`istiod-${revision}`, 'istiod']]
    : [
        ['istio-base', 'base'],
        ['istiod', 'istiod'],
      ];
  for (const [release, chart] of releases) {
    const file = join(home, `${chart}-values.json`);
    await writeFile(
      file,
      JSON.stringify({ ...values[chart], ...(revision && { revision }) }),
    );
    await runCommand(
      helm,
      [
        'install',
        release,
        `oci://${registry}/charts/${chart}`,
        '--version',
        install.version,
        '--plain-http',
        '--namespace',
        NAMESPACE,
        '--create-namespace',
        '--values',
        file,
        '--wait',
        '--timeout',
        '2m',
      ],
      { env },
    );
  }
}

function installWithIstioctl({ install, settings, istioctl, env }) {
  const set = {
    hub: settings.hub,
    tag: install.version,
    profile: 'minimal',
    'values.istiodRemote.injectionURL': settings.injectionURL,
    'values.base.validationURL': settings.validationURL,
    'values.global.meshID': 'testbed',
    'meshConfig.accessLogFile': '/dev/stdout',
  };
  return runCommand(
    istioctl,
    [
      'install',
      '-y',
      ...(install.revision ? ['--revision', install.revision] : []),
      ...Object.entries(set).flatMap(([key, value]) => [
        '--set',
        `${key}=${value}`,
      ]),
    ],
    { env },
  );
}

/** istiod itself puts its certificate into the webhooks; a dry run of an injected pod proves that all of it works. */
async function waitForInjection(cluster, istiod, revision) {
  const api = new KubeApi(cluster);
  const pod = {
    metadata: {
      name: 'injection-probe',
      labels: {
        'sidecar.istio.io/inject': 'true',
        ...(revision !== DEFAULT_REVISION && { 'istio.io/rev': revision }),
      },
    },
    spec: { containers: [{ name: 'app', image: 'app' }] },
  };
  try {
    await poll(
      `sidecar injection in ${cluster.name}`,
      async () => {
        assertRunning(istiod);
        const { spec } = await api.post(
          '/api/v1/namespaces/default/pods?dryRun=All',
          pod,
        );
        return (
          [...(spec.initContainers ?? []), ...spec.containers].some(
            ({ name }) => name === 'istio-proxy',
          ) || undefined
        );
      },
      { timeoutMs: 60_000 },
    );
  } finally {
    api.close();
  }
}
