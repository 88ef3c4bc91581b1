import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshRouteRef, sidecarsRouteRef } from '../../routes';
import { StatusLabel } from '../widgets';
import { healthyClusters } from './meshSituation';

/** How many clusters of a mesh answer; leads to them. */
export function ClusterCount(props: { mesh: MeshView; short?: boolean }) {
  const { mesh, short } = props;
  const t = useMessages();
  const meshLink = useRouteRef(meshRouteRef);
  const ratio = `${healthyClusters(mesh)}/${mesh.clusters.length}`;
  return (
    <Link to={meshLink({ id: mesh.id })}>
      {short ? ratio : t('mesh.clusterCount', { ratio })}
    </Link>
  );
}

/** How many components of a mesh are older than their control plane; leads to them, and is nothing when there are none. */
export function ComponentsBehind(props: { mesh: MeshView }) {
  const { id, components } = props.mesh;
  const t = useMessages();
  const meshLink = useRouteRef(meshRouteRef);
  const count = components.filter(({ behind }) => behind).length;
  return count > 0 ? (
    <Link to={meshLink({ id })}>
      <StatusLabel
        tone="warning"
        text={t('mesh.componentsBehind', { count })}
      />
    </Link>
  ) : null;
}

/** How many sidecars of a mesh are current; leads to those that are not, or to all. */
export function SidecarCount(props: { mesh: MeshView; short?: boolean }) {
  const { mesh, short } = props;
  const t = useMessages();
  const sidecarsLink = useRouteRef(sidecarsRouteRef);
  const { current, total, outdatedWorkloads } = mesh.sidecars;
  const ratio = `${current}/${total}`;
  const query = new URLSearchParams({
    mesh: mesh.id,
    ...(outdatedWorkloads > 0 && { outdated: 'true' }),
  });
  return (
    <Link to={`${sidecarsLink()}?${query}`}>
      {short ? ratio : t('mesh.sidecarCount', { ratio })}
    </Link>
  );
}
