import { useState } from 'react';
import { useRouteRef } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  meshUpgradePermission,
  type LeftoverList,
  type LeftoverView,
  type MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Live } from '../../hooks';
import { meshLeftoversRouteRef } from '../../routes';
import { FailurePanel, GuardedButton, Invitation } from '../widgets';
import { LeftoverTable } from './LeftoverTable';

/** The leftovers of a mesh and the way to remove those that the reader selects; nothing is selected before. */
export function LeftoversTab(props: {
  mesh: MeshView;
  leftovers: Live<LeftoverList>;
}) {
  const { mesh, leftovers } = props;
  const { value, error, loading, refresh } = leftovers;
  const t = useMessages();
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {error && (
        <FailurePanel
          title={t('leftovers.failed')}
          error={error}
          onRetry={refresh}
        />
      )}
      {loading && <Skeleton variant="rect" height={200} />}
      {value?.problems.map(({ cluster, message }) => (
        <Alert key={cluster} severity="warning">
          {t('leftovers.unknown', { cluster })} {message}
        </Alert>
      ))}
      {value?.items.length === 0 && value.problems.length === 0 && (
        <Invitation
          title={t('leftovers.none')}
          text={t('leftovers.noneText')}
        />
      )}
      {value && value.items.length > 0 && (
        <Choice mesh={mesh} leftovers={value.items} />
      )}
    </Box>
  );
}

function Choice(props: { mesh: MeshView; leftovers: LeftoverView[] }) {
  const { mesh, leftovers } = props;
  const t = useMessages();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const leftoversLink = useRouteRef(meshLeftoversRouteRef);
  const { loading, allowed } = usePermission({
    permission: meshUpgradePermission,
  });
  // What is gone or in use by now is not selected any more.
  const ids = leftovers
    .filter(({ id, obstacle }) => selected.has(id) && !obstacle)
    .map(({ id }) => id);
  let reason: string | undefined;
  if (!loading && !allowed) {
    reason = t('denied', { permission: meshUpgradePermission.name });
  } else if (mesh.activeRun) {
    reason = t('mesh.obstacle.running');
  } else if (ids.length === 0) {
    reason = t('leftovers.empty');
  }
  const query = new URLSearchParams(ids.map(id => ['leftover', id]));
  return (
    <>
      <Typography>{t('leftovers.text')}</Typography>
      <LeftoverTable
        leftovers={leftovers}
        selected={new Set(ids)}
        onSelect={setSelected}
      />
      <Box display="flex" alignItems="center" gridGap={16}>
        <Typography variant="body2" role="status">
          {t('selection.workloads', { count: ids.length })}
        </Typography>
        <GuardedButton
          variant="contained"
          color="primary"
          reason={reason}
          to={`${leftoversLink({ id: mesh.id })}?${query}`}
        >
          {ids.length > 0
            ? t('leftovers.remove', { count: ids.length })
            : t('leftovers.removeNone')}
        </GuardedButton>
      </Box>
    </>
  );
}
