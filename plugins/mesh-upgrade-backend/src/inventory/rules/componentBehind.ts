import type {
  ControlPlaneView,
  MeshComponentView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { newerOf, sortVersions } from './versionOrder';

/**
 * The version of a component's control plane when the component is older. A
 * gateway follows the istiod of its revision. The agents serve every revision
 * of their cluster, so only one that is older than all of them lags behind.
 */
export function componentBehind(
  { cluster, version, revision }: MeshComponentView,
  controlPlanes: ControlPlaneView[],
): string | undefined {
  const local = controlPlanes.filter(each => each.cluster === cluster);
  // A remote cluster is served by the istiods of the others.
  const serving = local.length > 0 ? local : controlPlanes;
  const own = serving.filter(each => each.revision === revision);
  const [oldest] = sortVersions(
    (own.length > 0 ? own : serving).flatMap(each => each.version ?? []),
  );
  return version !== undefined &&
    oldest !== undefined &&
    newerOf(version, oldest) === oldest
    ? oldest
    : undefined;
}
