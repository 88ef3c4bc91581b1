import { InputError } from '@backstage/errors';
import {
  formatPin,
  movePin,
  pinnedTags,
  type PinnedTag,
} from '../../helm/pinnedTags';
import { deployedReleases, type HelmRelease } from '../../helm/release';
import { RELEASE_NAME, RELEASE_NAMESPACE } from '../../helm/releaseMarks';
import type { HelmSettings } from '../config';
import { HELM_JOB_ACTION, type HelmJobParameters } from '../jobs/helmTask';
import { patchLocally } from '../preview/patchLocally';
import { jobSettings } from './helmJobSettings';
import { releaseYaml } from './releaseYaml';
import type { DriverInput, DriverPlan, NodeAgentInput } from './types';

type ReadySettings = HelmSettings & { image: string };

/**
 * Plans `helm upgrade` of the releases of a control plane, base before istiod.
 *
 * @throws InputError when helm has no deployed release of the name that istiod's Deployment gives
 */
export async function planReleases(
  input: DriverInput,
  settings: ReadySettings,
): Promise<DriverPlan> {
  const { cluster, name } = input.controlPlane;
  const plan: DriverPlan = { changes: [], steps: [] };
  for (const release of await releasesOf(input)) {
    addRelease(plan, release, {
      cluster,
      version: input.targetVersion,
      settings,
      installs: release.chart.name === 'base' ? {} : { deployment: name },
    });
  }
  return plan;
}

/** CNI and ztunnel have releases of their own, which the DaemonSet names. */
export async function planAgentRelease(
  { client, agent, daemonSet, targetVersion, signal }: NodeAgentInput,
  settings: ReadySettings,
): Promise<DriverPlan> {
  const { annotations = {} } = daemonSet.metadata;
  const name = annotations[RELEASE_NAME];
  const namespace = annotations[RELEASE_NAMESPACE] ?? agent.namespace;
  const [release] = await deployedReleases(client, {
    namespace,
    name,
    signal,
  });
  if (!release) {
    throw new InputError(
      `Cluster '${agent.cluster}': DaemonSet ${agent.namespace}/${agent.name} names the Helm release '${name}', but namespace ${namespace} holds no deployed release of that name; look at helm list --all -n ${namespace}`,
    );
  }
  const plan: DriverPlan = { changes: [], steps: [] };
  addRelease(plan, release, {
    cluster: agent.cluster,
    version: targetVersion,
    settings,
    installs: { daemonSet: agent.name },
  });
  return plan;
}

/** base, when it is found, then istiod: the order in which Istio wants them upgraded. */
async function releasesOf(input: DriverInput): Promise<HelmRelease[]> {
  const { client, controlPlane, deployment, signal } = input;
  const { annotations = {} } = deployment.metadata;
  const name = annotations[RELEASE_NAME];
  const namespace = annotations[RELEASE_NAMESPACE] ?? controlPlane.namespace;
  const releases = await deployedReleases(client, { namespace, signal });
  const istiod = releases.find(release => release.name === name);
  if (!istiod) {
    throw new InputError(
      `Cluster '${controlPlane.cluster}': Deployment ${controlPlane.namespace}/${controlPlane.name} names the Helm release '${name}', but namespace ${namespace} holds no deployed release of that name; look at helm list --all -n ${namespace}`,
    );
  }
  const base = releases.find(release => release.chart.name === 'base');
  return base ? [base, istiod] : [istiod];
}

function addRelease(
  plan: DriverPlan,
  release: HelmRelease,
  options: {
    cluster: string;
    version: string;
    settings: ReadySettings;
    /** What the chart rolls; nothing of `base`. */
    installs: { deployment?: string; daemonSet?: string };
  },
) {
  const { cluster, version, settings, installs } = options;
  const { name, namespace, chart } = release;
  const workload = installs.deployment ?? installs.daemonSet;
  if (chart.version === version && workload === undefined) {
    return;
  }
  const pins = workload === undefined ? [] : pinnedTags(release.values);
  const moved = pins.map(pin => movePin(pin, version));
  const parameters: HelmJobParameters = {
    release: name,
    namespace,
    chart: chart.name,
    version,
    set: moved.map(formatPin),
    ...jobSettings(settings),
    ...installs,
  };
  plan.steps.push({
    phase: 'upgrade',
    title: workload ?? chart.name,
    cluster,
    action: HELM_JOB_ACTION,
    parameters,
  });
  plan.changes.push({
    cluster,
    object: `Helm release ${namespace}/${name}`,
    before: describeChart(chart.name, chart.version, pins),
    after: describeChart(chart.name, version, moved),
    effect: `A Job in namespace ${
      settings.namespace
    } runs helm upgrade, which ${effectOf(namespace, installs)}`,
    yaml: {
      before: releaseYaml(release),
      after: releaseYaml({
        ...release,
        chart: { ...chart, version },
        values: moved.reduce(withPin, release.values),
      }),
    },
  });
}

function effectOf(
  namespace: string,
  { deployment, daemonSet }: { deployment?: string; daemonSet?: string },
): string {
  if (deployment) {
    return `rolls Deployment ${namespace}/${deployment}; your values are kept, no workload restarts`;
  }
  return daemonSet
    ? `rolls DaemonSet ${namespace}/${daemonSet} node by node; your values are kept`
    : `updates Istio's CRDs; your values are kept`;
}

function withPin(
  values: Record<string, unknown>,
  { path, value }: PinnedTag,
): Record<string, unknown> {
  return patchLocally(values, [
    { op: 'replace', path: `/${path.split('.').join('/')}`, value },
  ]);
}

function describeChart(
  chart: string,
  version: string,
  pins: PinnedTag[],
): string {
  return [`chart ${chart} ${version}`, ...pins.map(formatPin)].join(', ');
}
