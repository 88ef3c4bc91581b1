import { InputError } from '@backstage/errors';
import type { HelmSettings } from '../config';
import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import { SECRETS } from '../../helm/release';
import { rolloutOf } from '../../kubernetes/rollout';
import type { Deployment } from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';
import { installerRights, releaseRights } from './installerRights';
import { planRollback } from './helmRollback';
import { planAgentRelease, planReleases } from './helmUpgrade';
import { jobRights, right } from './right';
import type { ControlPlaneDriver, DriverInput } from './types';

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
      return planReleases(input, ready);
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
        : planAgentRelease(input, ready);
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
