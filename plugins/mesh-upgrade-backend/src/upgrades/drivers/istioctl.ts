import { InputError } from '@backstage/errors';
import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject } from '../../clusters/types';
import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import type { IstioctlConfiguration, IstioctlSettings } from '../config';
import {
  ISTIOCTL_JOB_ACTION,
  type IstioctlJobParameters,
} from '../jobs/istioctlTask';
import { orUndefined } from '../../clusters/notFound';
import { installerRights } from './installerRights';
import { jobRights, right } from './right';
import { operatorYaml } from '../preview/operatorYaml';
import type { ControlPlaneDriver, DriverInput } from './types';

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };

interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
}

/** Control planes installed with istioctl: a Job runs `istioctl upgrade` with the file they were installed with. */
export function createIstioctlDriver(
  settings: IstioctlSettings,
): ControlPlaneDriver {
  return {
    method: 'istioctl',
    rights: controlPlane => [
      ...jobRights('istioctl', settings.namespace),
      ...(configurationOf(controlPlane, settings)?.configMap
        ? [
            right(
              'get',
              CONFIG_MAPS,
              'to see that the configuration is there',
              { namespace: settings.namespace },
            ),
          ]
        : []),
    ],
    jobAccount: ({ namespace }) => ({
      program: 'istioctl',
      namespace: settings.namespace,
      name: settings.serviceAccount,
      rights: installerRights(namespace),
    }),
    // The file names CNI and ztunnel too: istioctl applies it as a whole.
    planNodeAgent: async () => ({ changes: [], steps: [] }),
    async plan(input) {
      const { controlPlane, targetVersion } = input;
      const { cluster, namespace, name } = controlPlane;
      refuseWhenInGit(input);
      const configuration = configurationOf(controlPlane, settings);
      if (!configuration) {
        throw new InputError(
          `Cluster '${cluster}', Deployment ${namespace}/${name} was installed with istioctl, which loses every setting that its file does not name. Put the IstioOperator file it was installed with into a ConfigMap of namespace ${settings.namespace}, name it in meshUpgrade.upgrades.istioctl.configurations, or run by hand, with istioctl ${targetVersion}: istioctl upgrade -f <that file>`,
        );
      }
      const file = `${describe(configuration, settings.namespace)}, key ${
        configuration.key
      }`;
      const content = await contentOf(configuration, input, settings, file);
      const parameters: IstioctlJobParameters = {
        namespace,
        deployment: name,
        version: targetVersion,
        image: `${settings.image}:${targetVersion}`,
        jobNamespace: settings.namespace,
        serviceAccount: settings.serviceAccount,
        placement: settings.placement,
        configMap: configuration.configMap,
        secret: configuration.secret,
        key: configuration.key,
      };
      return {
        steps: [
          {
            phase: 'upgrade',
            title: name,
            cluster,
            action: ISTIOCTL_JOB_ACTION,
            parameters,
          },
        ],
        changes: [
          {
            cluster,
            object: `Deployment ${namespace}/${name}`,
            before: `istioctl ${controlPlane.version ?? 'of unknown version'}`,
            after: `istioctl ${targetVersion} with ${file}`,
            effect: `A Job in namespace ${settings.namespace} runs istioctl upgrade, which applies everything the file names: CRDs, istiod and what else it installs; no workload restarts`,
            ...(content !== undefined && {
              yaml: operatorYaml(content, targetVersion),
            }),
          },
        ],
      };
    },
  };
}

function configurationOf(
  { cluster, revision }: ControlPlaneView,
  settings: IstioctlSettings,
): IstioctlConfiguration | undefined {
  return settings.configurations.find(
    one => one.cluster === cluster && one.revision === revision,
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
      `Cluster '${controlPlane.cluster}', Deployment ${
        controlPlane.namespace
      }/${controlPlane.name} is kept in Git by ${nameOfOwner(
        owner,
      )}, which would undo a change made here; set version ${targetVersion} in Git`,
    );
  }
}

/** A Secret is not looked at: knowing what is in it is not worth the right to read it. */
async function contentOf(
  { configMap, key }: IstioctlConfiguration,
  { client, controlPlane, signal }: DriverInput,
  settings: IstioctlSettings,
  file: string,
): Promise<string | undefined> {
  if (configMap === undefined) {
    return undefined;
  }
  const found = await orUndefined(
    client.get<ConfigMap>(
      { ...CONFIG_MAPS, namespace: settings.namespace, name: configMap },
      { signal },
    ),
  );
  const content = found?.data?.[key];
  if (content === undefined) {
    throw new InputError(
      `Cluster '${controlPlane.cluster}' has no ${file}, with which its control plane is to be upgraded; create it: kubectl create configmap ${configMap} -n ${settings.namespace} --from-file=${key}=<the file it was installed with>`,
    );
  }
  return content;
}

function describe(
  { configMap, secret }: IstioctlConfiguration,
  namespace: string,
): string {
  return configMap === undefined
    ? `Secret ${namespace}/${secret}`
    : `ConfigMap ${namespace}/${configMap}`;
}
