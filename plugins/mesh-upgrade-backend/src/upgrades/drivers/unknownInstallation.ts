import { InputError } from '@backstage/errors';
import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Says how a person upgrades what no driver knows. */
export function unknownInstallation(
  controlPlane: ControlPlaneView,
  targetVersion: string,
): InputError {
  const { cluster, namespace, name, install } = controlPlane;
  const evidence = install.evidence.join('; ') || 'no mark of an installer';
  return new InputError(
    `Cluster '${cluster}', Deployment ${namespace}/${name}: who installed it is unknown (${evidence}), so it is not changed from here. Upgrade it with the tool that installed it. With istioctl ${targetVersion}: 'istioctl upgrade -f <the file it was installed with>'. With Helm: 'helm upgrade <base release> base --version ${targetVersion} --reset-then-reuse-values', then the same for istiod`,
  );
}
