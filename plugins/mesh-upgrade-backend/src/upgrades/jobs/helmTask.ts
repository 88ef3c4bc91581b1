import { deployedReleases } from '../../helm/release';
import type { JobPlacement } from '../config';
import type { JobTask } from './JobTask';
import { observeNodeAgent } from '../actuators/nodeAgent';
import { observeControlPlane } from '../actuators/controlPlane';
import { proveControlPlane } from '../actuators/proveControlPlane';

export const HELM_JOB_ACTION = 'helm-job';

/** What the plan says about the upgrade of one release. */
export interface HelmJobParameters extends Record<string, unknown> {
  release: string;
  /** Namespace of the release. */
  namespace: string;
  chart: string;
  version: string;
  /** Values that the user pins and that must move with the version. */
  set: string[];
  image: string;
  chartRepository: string;
  plainHttp: boolean;
  jobNamespace: string;
  serviceAccount: string;
  placement?: JobPlacement;
  /** Present when the chart installs istiod: its Deployment. */
  deployment?: string;
  /** Present when the chart installs a node agent: its DaemonSet. */
  daemonSet?: string;
  /** Revision of the release that is gone back to; its chart and values come from what helm remembers. */
  rollbackTo?: number;
}

/** Upgrades one Helm release; judged by the release and by istiod itself. */
export const helmTask: JobTask = {
  action: HELM_JOB_ACTION,
  program: 'helm',
  suffix: step => parametersOf(step).release,
  job(step) {
    const parameters = parametersOf(step);
    return {
      namespace: parameters.jobNamespace,
      serviceAccount: parameters.serviceAccount,
      placement: parameters.placement,
      image: parameters.image,
      command: helmCommand(parameters),
    };
  },
  async watch(client, step, { signal }) {
    const { namespace, version, deployment, daemonSet } = parametersOf(step);
    if (daemonSet) {
      const agent = { namespace, name: daemonSet, version, signal };
      return observeNodeAgent(client, agent);
    }
    return deployment
      ? observeControlPlane(client, {
          namespace,
          name: deployment,
          version,
          signal,
        })
      : {};
  },
  async prove(client, step, { signal, programSucceeded }) {
    const { release, namespace, version, deployment, daemonSet } =
      parametersOf(step);
    const [deployed] = await deployedReleases(client, {
      namespace,
      name: release,
      signal,
    });
    if (deployed?.chart.version !== version) {
      const message = `Release ${namespace}/${release} is at chart version ${
        deployed?.chart.version ?? 'unknown'
      }`;
      return programSucceeded
        ? {
            state: 'failed',
            message: `helm reported success, but: ${message}, expected ${version}`,
          }
        : { state: 'wanting', message };
    }
    if (daemonSet) {
      return observeNodeAgent(client, {
        namespace,
        name: daemonSet,
        version,
        signal,
      });
    }
    if (!deployment) {
      return {
        state: 'done',
        message: `Release ${namespace}/${release} is deployed with chart version ${version}`,
      };
    }
    return proveControlPlane(client, {
      namespace,
      name: deployment,
      version,
      signal,
    });
  },
};

/** The command, as a person could type it. */
function helmCommand(parameters: HelmJobParameters): string[] {
  const { release, chart, chartRepository, version, namespace, rollbackTo } =
    parameters;
  if (rollbackTo !== undefined) {
    return [
      'helm',
      'rollback',
      release,
      `${rollbackTo}`,
      '--namespace',
      namespace,
      '--wait',
      '--timeout',
      '5m',
    ];
  }
  return [
    'helm',
    'upgrade',
    release,
    `${chartRepository}/${chart}`,
    '--version',
    version,
    '--namespace',
    namespace,
    '--reset-then-reuse-values',
    ...parameters.set.flatMap(value => ['--set', value]),
    '--wait',
    '--timeout',
    '5m',
    ...(parameters.plainHttp ? ['--plain-http'] : []),
  ];
}

function parametersOf(step: { parameters: unknown }): HelmJobParameters {
  return step.parameters as HelmJobParameters;
}
