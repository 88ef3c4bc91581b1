import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import type {
  MeshView,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { MESH_CHANGES, useLive, useMessages } from '../../hooks';
import { meshRouteRef, sidecarsRouteRef } from '../../routes';
import { useLeftovers } from '../leftovers/useLeftovers';

/** After the upgrade of a mesh: the sidecars and gateways that are behind now, and what is left over. */
export function NextSteps(props: { run: RunView }) {
  const { kind, meshId, returnOf } = props.run;
  return kind === 'mesh' && meshId && !returnOf ? (
    <MeshNextSteps meshId={meshId} />
  ) : null;
}

function MeshNextSteps(props: { meshId: string }) {
  const { meshId } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const meshLink = useRouteRef(meshRouteRef)({ id: meshId });
  const sidecarsLink = useRouteRef(sidecarsRouteRef)();
  const mesh = useLive(
    `mesh ${meshId}`,
    () => api.getMesh(meshId),
    10_000,
    MESH_CHANGES,
  );
  const leftovers = useLeftovers(meshId);
  const behind = mesh.value?.sidecars.outdatedWorkloads ?? 0;
  const gateways = gatewaysBehind(mesh.value);
  const left = leftovers.value?.items.length ?? 0;
  const outdated = new URLSearchParams({ mesh: meshId, outdated: 'true' });
  return (
    <Box component="ul" m={0} mt={1} pl={2}>
      {mesh.value && behind === 0 && gateways === 0 && (
        <li>{t('run.next.nothing')}</li>
      )}
      {behind > 0 && (
        <li>
          {t('run.next.sidecars', { count: behind })}{' '}
          <Link to={`${sidecarsLink}?${outdated}`}>
            {t('selection.upgrade')}
          </Link>
        </li>
      )}
      {gateways > 0 && (
        <li>
          {t('run.next.gateways', { count: gateways })}{' '}
          <Link to={meshLink}>{t('action.show')}</Link>
        </li>
      )}
      {left > 0 && (
        <li>
          {t('run.next.leftovers', { count: left })}{' '}
          <Link to={`${meshLink}?tab=leftovers`}>{t('action.show')}</Link>
        </li>
      )}
    </Box>
  );
}

function gatewaysBehind(mesh: MeshView | undefined): number {
  return (mesh?.components ?? []).filter(
    ({ kind, behind }) =>
      (kind === 'gateway' || kind === 'waypoint') && behind !== undefined,
  ).length;
}
