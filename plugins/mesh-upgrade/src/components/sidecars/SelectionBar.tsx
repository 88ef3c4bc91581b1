import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { UpgradeSelectionButton } from './UpgradeSelectionButton';
import { summarise } from './workloadWords';

/** What is selected, what would happen to it, and the way to the wizard. */
export function SelectionBar(props: {
  selected: WorkloadView[];
  /** Workloads that match the filters, perhaps more than are loaded; undefined when all are selected, or while it is not known. */
  matching?: number;
  /** All that match are being selected. */
  picking: boolean;
  onSelectAll(): void;
  onClear(): void;
}) {
  const { selected, matching, picking, onSelectAll, onClear } = props;
  const t = useMessages();
  const { workloads, pods, restart, impossible } = summarise(selected);
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-label={t('selection.title')}
      style={{ position: 'sticky', bottom: 0, zIndex: 3, padding: 8 }}
    >
      <Box display="flex" alignItems="center" flexWrap="wrap" gridGap={16}>
        <Typography variant="body2" role="status">
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
        {matching !== undefined && matching > 0 && (
          <Button size="small" disabled={picking} onClick={onSelectAll}>
            {t('selection.all', { count: matching })}
          </Button>
        )}
        {workloads > 0 && (
          <Button size="small" onClick={onClear}>
            {t('selection.clear')}
          </Button>
        )}
        <Box flexGrow={1} />
        <UpgradeSelectionButton selected={selected} />
      </Box>
    </Paper>
  );
}
