import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import {
  workloadUpgradePermission,
  type WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { sidecarUpgradeRouteRef } from '../../routes';
import { GuardedButton } from '../widgets';
import { selectionToQuery } from './selectionAddress';
import { useDeniedWorkloads } from './useDeniedWorkloads';
import { summarise } from './workloadWords';
import { useNavigate } from 'react-router-dom';

/** What is selected, what would happen to it, and the way to the wizard. */
export function SelectionBar(props: {
  selected: WorkloadView[];
  /** Workloads that match the filters; more than are loaded, perhaps. */
  matching: number;
  onSelectAll(): void;
  onClear(): void;
}) {
  const { selected, matching, onSelectAll, onClear } = props;
  const t = useMessages();
  const navigate = useNavigate();
  const wizardLink = useRouteRef(sidecarUpgradeRouteRef);
  const denied = useDeniedWorkloads(selected);
  const { workloads, pods, restart, impossible } = summarise(selected);
  let reason: string | undefined;
  if (workloads === 0) {
    reason = t('selection.empty');
  } else if (restart.length === 0) {
    reason = t('selection.impossible');
  } else if (denied.length > 0) {
    reason = t('selection.denied', {
      count: denied.length,
      permission: workloadUpgradePermission.name,
      owners: [...new Set(denied.flatMap(({ owners }) => owners))].join(', '),
    });
  }
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-label={t('selection.title')}
      style={{ position: 'sticky', bottom: 0, zIndex: 3, padding: 12 }}
    >
      <Box display="flex" alignItems="center" flexWrap="wrap" gridGap={16}>
        <Typography role="status">
          {workloads === 0
            ? t('selection.empty')
            : [
                t('selection.workloads', { count: workloads }),
                t('selection.pods', { count: pods }),
                t('selection.methods', {
                  restart: `${restart.length}`,
                  impossible: `${impossible.length}`,
                }),
              ].join(' · ')}
        </Typography>
        {matching > workloads && (
          <Button size="small" onClick={onSelectAll}>
            {t('selection.all', { count: matching })}
          </Button>
        )}
        {workloads > 0 && (
          <Button size="small" onClick={onClear}>
            {t('selection.clear')}
          </Button>
        )}
        <Box flexGrow={1} />
        <GuardedButton
          variant="contained"
          color="primary"
          reason={reason}
          onClick={() =>
            navigate(
              `${wizardLink()}?${selectionToQuery(
                selected.map(({ id }) => id),
              )}`,
            )
          }
        >
          {t('selection.upgrade')}
        </GuardedButton>
      </Box>
    </Paper>
  );
}
