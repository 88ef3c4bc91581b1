import { InputError } from '@backstage/errors';
import type { HelmSettings } from '../config';
import { HELM_JOB_ACTION, type HelmJobParameters } from '../jobs/helmTask';
import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import {
  formatPin,
  movePin,
  pinnedTags,
  type PinnedTag,
} from '../../helm/pinnedTags';
import {
  deployedReleases,
  SECRETS,
  type HelmRelease,
} from '../../helm/release';
import { RELEASE_NAME, RELEASE_NAMESPACE } from '../../helm/releaseMarks';
import { patchLocally } from '../preview/patchLocally';
import { rolloutOf } from '../../kubernetes/rollout';
import type { Deployment } from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';
import { installerRights, releaseRights } from './installerRights';
import { jobSettings } from './helmJobSettings';
import { planRollback } from './helmRollback';
import { releaseYaml } from './releaseYaml';
import { jobRights, right } from './right';
import type {
  ControlPlaneDriver,
  DriverInput,
  DriverPlan,
  NodeAgentInput,
} from './types';

/** Control planes installed by plain Helm: a Job runs `helm upgrade`, base before istiod. */
export function createHelmDriver(settings: HelmSettings): ControlPlaneDriver {
  return {
    method: 'helm',
    rights: ({ namespace, install }) => {
      return [
        right('list', SECRETS, 'to read what helm remembers of the release', {
          namespace: install.release?.namespace ?? namespace,
        }),
        ...jobRights('helm', settings.namespace),
      ];
    },
    jobAccount: ({ namespace, install }) => ({
      program: 'helm',
      namespace: settings.namespace,
      name: settings.serviceAccount,
      rights: [
        ...releaseRights(install.release?.namespace ?? namespace),
        ...installerRights(namespace),
      ],
    }),
    async plan(input) {
      const { cluster } = input.controlPlane;
      const ready = withImage(settings, cluster);
      refuseWhenInGit(input);
      const plan: DriverPlan = { changes: [], steps: [] };
      for (const release of await releasesOf(input)) {
        addRelease(plan, release, {
          cluster,
          version: input.targetVersion,
          settings: ready,
          installs:
            release.chart.name === 'base'
              ? {}
              : { deployment: input.controlPlane.name },
        });
      }
      return plan;
    },
    planReturn: async input => {
      const { cluster, namespace, name } = input.controlPlane;
      refuseWhenInGit(input);
      if (isAt(input.deployment, input.targetVersion)) {
        return { changes: [], steps: [] };
      }
      return planRollback({
        ...input,
        cluster,
        owned: input.deployment,
        namespace,
        installs: { deployment: name },
        settings: withImage(settings, cluster),
      });
    },
    planNodeAgent: async input => {
      const { cluster, namespace, name } = input.agent;
      const ready = withImage(settings, cluster);
      return input.returning
        ? planRollback({
            ...input,
            cluster,
            owned: input.daemonSet,
            namespace,
            installs: { daemonSet: name },
            settings: ready,
          })
        : planNodeAgent(input, ready);
    },
  };
}

function isAt(deployment: Deployment, version: string): boolean {
  return (
    istiodVersion(deployment) === version && rolloutOf(deployment).complete
  );
}

function refuseWhenInGit({
  controlPlane,
  deployment,
  targetVersion,
}: DriverInput) {
  const owner = keeperInGit(deployment.metadata);
  if (owner) {
    throw new InputError(
      `Cluster '${
        controlPlane.cluster
      }', Helm release of istiod is kept in Git by ${nameOfOwner(
        owner,
      )}, which would undo a change made here; set chart version ${targetVersion} in Git`,
    );
  }
}

function withImage(
  settings: HelmSettings,
  cluster: string,
): HelmSettings & { image: string } {
  const { image } = settings;
  if (image === undefined) {
    throw new InputError(
      `Cluster '${cluster}' was installed by Helm; set meshUpgrade.upgrades.helm.image to an image with the helm command, so that a Job can run it`,
    );
  }
  return { ...settings, image };
}

/** CNI and ztunnel have releases of their own, which the DaemonSet names. */
async function planNodeAgent(
  { client, agent, daemonSet, targetVersion, signal }: NodeAgentInput,
  settings: HelmSettings & { image: string },
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
    settings: HelmSettings & { image: string };
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
