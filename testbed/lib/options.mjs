import { parseArgs } from 'node:util';
import { TestbedError } from './errors.mjs';
import { parseIstioInstall } from './istio.mjs';
import { KUBERNETES_VERSION, OLD_KUBERNETES_VERSION } from './parts.mjs';

const DEFAULT_CLUSTERS = `testbed:${KUBERNETES_VERSION},testbed-old:${OLD_KUBERNETES_VERSION}`;
const DEFAULT_ISTIO = 'helm:1.29.4';

/** Reads `name[:version],...`; a version may lack its leading v. */
export function parseClusters(text) {
  const clusters = text.split(',').map(entry => {
    const [name, version = KUBERNETES_VERSION] = entry.trim().split(':');
    if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name))
      throw new TestbedError(
        `"${name}" is not a name for a cluster: small letters, digits and hyphens`,
      );
    const kubernetesVersion = version.startsWith('v') ? version : `v${version}`;
    if (!/^v\d+\.\d+\.\d+$/.test(kubernetesVersion)) {
      throw new TestbedError(
        `cluster ${name}: "${version}" is not a Kubernetes version like ${OLD_KUBERNETES_VERSION}`,
      );
    }
    return { name, kubernetesVersion };
  });
  const names = clusters.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw new TestbedError(
      `every cluster needs a name of its own: ${names.join(', ')}`,
    );
  return clusters;
}

/**
 * Options of `up`. `--istio` names the installation for each cluster in turn, separated by commas;
 * clusters beyond the end of that list get none. `--real-node` names the clusters with a real node.
 */
export function parseUpOptions(args) {
  const { values } = parse(args, {
    clusters: { type: 'string' },
    istio: { type: 'string' },
    'real-node': { type: 'string' },
  });
  const clusters = parseClusters(values.clusters ?? DEFAULT_CLUSTERS);
  const withNode = parseRealNodes(values['real-node'], clusters);
  const installs = (values.istio ?? DEFAULT_ISTIO)
    .split(',')
    .map(entry => parseIstioInstall(entry.trim()));
  if (installs.length > clusters.length)
    throw new TestbedError(
      `--istio names ${installs.length} installations for ${clusters.length} clusters`,
    );
  return clusters.map((cluster, index) => ({
    ...cluster,
    istio: installs[index],
    ...(withNode.includes(cluster.name) && { realNode: true }),
  }));
}

function parseRealNodes(text, clusters) {
  const names = text?.split(',').map(name => name.trim()) ?? [];
  const unknown = names.filter(
    name => !clusters.some(cluster => cluster.name === name),
  );
  if (unknown.length > 0)
    throw new TestbedError(
      `--real-node names ${unknown.join(', ')}, and the clusters are ${clusters
        .map(({ name }) => name)
        .join(', ')}`,
    );
  return names;
}

function positiveNumber(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new TestbedError(`--${name} ${text}: not a whole number above 0`);
  return number;
}

/** Options of `workloads`: what to create, and in which cluster (undefined: the first one). */
export function parseWorkloadOptions(args) {
  const { values } = parse(args, {
    namespace: { type: 'string' },
    count: { type: 'string', default: '1' },
    replicas: { type: 'string', default: '1' },
    cluster: { type: 'string' },
  });
  if (!values.namespace)
    throw new TestbedError('workloads: --namespace NAME is missing');
  return {
    namespace: values.namespace,
    cluster: values.cluster,
    count: positiveNumber('count', values.count),
    replicas: positiveNumber('replicas', values.replicas),
  };
}

/** Options of `revision`: `{cluster, revision, owner, version}`; without a cluster the first one is meant. */
export function parseRevisionOptions(args) {
  const { values } = parse(args, {
    name: { type: 'string' },
    istio: { type: 'string' },
    cluster: { type: 'string' },
  });
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(values.name ?? ''))
    throw new TestbedError(
      'revision: --name takes small letters, digits and hyphens',
    );
  const install = parseIstioInstall(values.istio ?? 'none');
  if (!install || install.owner === 'others')
    throw new TestbedError(
      'revision: --istio helm:VERSION or istioctl:VERSION is missing',
    );
  if (install.owner === 'argocd')
    throw new TestbedError(
      'revision: Argo CD installs the first control plane of a cluster only',
    );
  return { ...install, revision: values.name, cluster: values.cluster };
}

/** The one word after `kill` and `revive`. */
export function parseProcessName(args) {
  if (args.length !== 1 || args[0].startsWith('-'))
    throw new TestbedError('name one process of "status"');
  return args[0];
}

/** `parseArgs` of Node, with its complaint as a message for the terminal. */
export function parse(args, options) {
  try {
    return parseArgs({ args, options, strict: true });
  } catch (error) {
    throw new TestbedError(error.message, { cause: error });
  }
}
