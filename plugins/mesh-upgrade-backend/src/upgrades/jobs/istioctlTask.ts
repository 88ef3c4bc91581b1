import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { istiodVersion, observeControlPlane } from '../actuators/controlPlane';
import type { JobPlacement } from '../config';
import type { JobTask } from './JobTask';
import { proveControlPlane } from '../actuators/proveControlPlane';

export const ISTIOCTL_JOB_ACTION = 'istioctl-job';

const CONFIGURATION_FOLDER = '/configuration';

/** What the plan says about the upgrade of one control plane. */
export interface IstioctlJobParameters extends Record<string, unknown> {
  /** Namespace and name of istiod's Deployment. */
  namespace: string;
  deployment: string;
  version: string;
  image: string;
  jobNamespace: string;
  serviceAccount: string;
  placement?: JobPlacement;
  /** The ConfigMap or the Secret, in the namespace of the Jobs, with the user's IstioOperator file. */
  configMap?: string;
  secret?: string;
  key: string;
}

/** Upgrades one control plane with the file it was installed with; judged by istiod itself. */
export const istioctlTask: JobTask = {
  action: ISTIOCTL_JOB_ACTION,
  program: 'istioctl',
  suffix: step => parametersOf(step).deployment,
  job(step) {
    const parameters = parametersOf(step);
    const { configMap, secret, key } = parameters;
    return {
      namespace: parameters.jobNamespace,
      serviceAccount: parameters.serviceAccount,
      placement: parameters.placement,
      image: parameters.image,
      command: istioctlCommand(parameters),
      file: { configMap, secret, key, folder: CONFIGURATION_FOLDER },
    };
  },
  watch(client, step, { signal }) {
    const { namespace, deployment: name, version } = parametersOf(step);
    return observeControlPlane(client, { namespace, name, version, signal });
  },
  async prove(client, step, { signal, programSucceeded }) {
    const { namespace, deployment: name, version } = parametersOf(step);
    const deployment = await client.get<Deployment>(
      { ...DEPLOYMENTS, namespace, name },
      { signal },
    );
    const actual = istiodVersion(deployment);
    if (actual === version) {
      return proveControlPlane(client, { namespace, name, version, signal });
    }
    const message = `Deployment ${namespace}/${name} has version ${
      actual ?? 'unknown'
    }`;
    return programSucceeded
      ? {
          state: 'failed',
          message: `istioctl reported success, but: ${message}, expected ${version}; the configuration may be that of another revision`,
        }
      : { state: 'wanting', message };
  },
};

/** The command, as a person could type it. The tag is named, because one in the file would keep the former version. */
function istioctlCommand({ key, version }: IstioctlJobParameters): string[] {
  return [
    'istioctl',
    'upgrade',
    '--skip-confirmation',
    '--filename',
    `${CONFIGURATION_FOLDER}/${key}`,
    '--set',
    `tag=${version}`,
    '--readiness-timeout=5m',
  ];
}

function parametersOf(step: { parameters: unknown }): IstioctlJobParameters {
  return step.parameters as IstioctlJobParameters;
}
