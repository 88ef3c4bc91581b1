import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Drawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import Typography from '@material-ui/core/Typography';
import Close from '@material-ui/icons/Close';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  parseWorkloadRef,
  type RunSummary,
  type WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive, useMessages, type Live } from '../../hooks';
import { RunTable } from '../runs';
import { CopyButton, FailurePanel, LongText } from '../widgets';
import { PodTable } from './PodTable';
import { UpgradeSelectionButton } from './UpgradeSelectionButton';
import { WorkloadFacts } from './WorkloadFacts';

/** One workload: why it is as it is, and the truth about each of its pods. */
export function WorkloadDrawer(props: { id: string; onClose(): void }) {
  const { id, onClose } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const workload = useLive(id, () => api.getWorkload(id), 3_000, ['inventory']);
  const runs = useLive(
    `runs of ${id}`,
    async () => (await api.listRuns({ workload: id, limit: 5 })).items,
    5_000,
    ['runs'],
  );
  // Of the workload that was open before.
  const detail = workload.of === id ? workload.value : undefined;
  return (
    <Drawer
      anchor="right"
      open
      onClose={onClose}
      PaperProps={{ role: 'dialog', 'aria-label': id }}
    >
      <Box
        width={880}
        maxWidth="95vw"
        p={3}
        display="flex"
        flexDirection="column"
        gridGap={16}
      >
        <Heading id={id} onClose={onClose} />
        {workload.error && (
          <FailurePanel
            title={detail ? t('workload.stale') : t('workload.failed')}
            error={workload.error}
            onRetry={workload.refresh}
          />
        )}
        {!detail && !workload.error && <DetailSkeleton />}
        {detail && <Detail workload={detail} />}
        <Box>
          <Typography variant="h6" component="h3" gutterBottom>
            {t('page.upgrades')}
          </Typography>
          <Runs runs={runs} />
        </Box>
      </Box>
    </Drawer>
  );
}

function Heading(props: { id: string; onClose(): void }) {
  const { id, onClose } = props;
  const t = useMessages();
  const ref = parseWorkloadRef(id);
  return (
    <Box display="flex" justifyContent="space-between" alignItems="flex-start">
      <Box minWidth={0}>
        <Box display="flex" alignItems="center">
          <Typography variant="h5" component="h2" style={{ margin: 0 }}>
            <LongText text={ref?.name ?? id} most={48} focusable />
          </Typography>
          <CopyButton text={id} />
        </Box>
        <Typography variant="body2" color="textSecondary">
          {ref && `${ref.kind} · ${ref.namespace} · ${ref.cluster}`}
        </Typography>
      </Box>
      <IconButton aria-label={t('action.close')} onClick={onClose}>
        <Close />
      </IconButton>
    </Box>
  );
}

function Detail(props: { workload: WorkloadDetail }) {
  const { workload } = props;
  const t = useMessages();
  return (
    <>
      <WorkloadFacts workload={workload} />
      <Box>
        <UpgradeSelectionButton selected={[workload]} />
      </Box>
      <Box>
        <Typography variant="h6" component="h3" gutterBottom>
          {t('column.pods')}
        </Typography>
        {workload.podList.length > 0 ? (
          <PodTable workload={workload} />
        ) : (
          <Typography variant="body2">{t('workload.noPods')}</Typography>
        )}
      </Box>
    </>
  );
}

function Runs(props: { runs: Live<RunSummary[]> }) {
  const t = useMessages();
  return props.runs.value?.length === 0 ? (
    <Typography variant="body2">{t('runs.none')}</Typography>
  ) : (
    <RunTable runs={props.runs} />
  );
}

function DetailSkeleton() {
  return (
    <Box aria-busy="true">
      {[0, 1, 2, 3, 4, 5].map(index => (
        <Skeleton key={index} width={index % 2 ? '60%' : '45%'} height={28} />
      ))}
      <Box mt={2}>
        <Skeleton variant="rect" height={160} />
      </Box>
    </Box>
  );
}
