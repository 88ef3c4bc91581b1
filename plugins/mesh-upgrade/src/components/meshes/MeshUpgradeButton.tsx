import { useRouteRef } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  meshUpgradePermission,
  type MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshUpgradeRouteRef } from '../../routes';
import { GuardedButton } from '../widgets';
import { upgradeObstacle } from './meshSituation';

/** Opens the wizard of a mesh; says why when it cannot. */
export function MeshUpgradeButton(props: {
  mesh: MeshView;
  size?: 'small' | 'medium';
}) {
  const { mesh, size = 'small' } = props;
  const t = useMessages();
  const upgradeLink = useRouteRef(meshUpgradeRouteRef);
  const { loading, allowed } = usePermission({
    permission: meshUpgradePermission,
  });
  let reason = upgradeObstacle(mesh, t);
  if (!loading && !allowed) {
    reason = t('denied', { permission: meshUpgradePermission.name });
  }
  return (
    <GuardedButton
      size={size}
      variant="outlined"
      color="primary"
      reason={reason}
      to={upgradeLink({ id: mesh.id })}
    >
      {t('action.upgradeNow')}
    </GuardedButton>
  );
}
