import { InputError } from '@backstage/errors';
import type {
  ControlPlaneView,
  InstallMethod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** How people upgrade what is installed by a tool that no driver speaks for. */
const WAYS: Partial<Record<InstallMethod, (version: string) => string>> = {
  openshift: version =>
    `It belongs to OpenShift Service Mesh: set spec.version of its Istio to v${version} when the operator offers that version`,
  aks: () =>
    `It belongs to the Istio add-on of AKS: use 'az aks mesh get-upgrades' and 'az aks mesh upgrade start'`,
  kyma: () => `It belongs to Kyma, which upgrades it with its Istio module`,
};

/** Refuses a control plane whose installer is known, but not one that can be called from here; undefined for others. */
export function foreignInstallation(
  controlPlane: ControlPlaneView,
  targetVersion: string,
): InputError | undefined {
  const { cluster, namespace, name, install } = controlPlane;
  const way = WAYS[install.method];
  return (
    way &&
    new InputError(
      `Cluster '${cluster}', Deployment ${namespace}/${name} is not changed from here. ${way(
        targetVersion,
      )} (${install.evidence.join('; ')})`,
    )
  );
}
