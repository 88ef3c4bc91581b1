import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Drawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import Typography from '@material-ui/core/Typography';
import Close from '@material-ui/icons/Close';
import Skeleton from '@material-ui/lab/Skeleton';
import type {
  WorkloadDetail,
  WorkloadPod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive, useMessages, type Messages } from '../../hooks';
import { RunTable } from '../runs';
import {
  DataTable,
  FailurePanel,
  RelativeTime,
  StatusLabel,
  type Column,
  type Tone,
} from '../widgets';
import { INJECTION_TONES, versionText, versionTone } from './workloadWords';

/** One workload with the truth about each of its pods. */
export function WorkloadDrawer(props: { id: string; onClose(): void }) {
  const { id, onClose } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const workload = useLive(id, () => api.getWorkload(id), 3_000, [
    'inventory',
  ]);
  const runs = useLive(
    `runs of ${id}`,
    () => api.listRuns({ workload: id, limit: 5 }),
    5_000,
    ['runs'],
  );
  return (
    <Drawer anchor="right" open onClose={onClose} aria-label={id}>
      <Box width={760} maxWidth="95vw" p={3}>
        <Box display="flex" justifyContent="space-between">
          <Typography variant="h5" component="h2">
            {id}
          </Typography>
          <IconButton aria-label={t('action.close')} onClick={onClose}>
            <Close />
          </IconButton>
        </Box>
        {workload.error && (
          <FailurePanel
            title={t('workload.failed')}
            error={workload.error}
            onRetry={workload.refresh}
          />
        )}
        {workload.loading && <Skeleton variant="rect" height={240} />}
        {workload.value && <Facts workload={workload.value} />}
        <Box mt={3}>
          <Typography variant="h6" component="h3" gutterBottom>
            {t('page.upgrades')}
          </Typography>
          <RunTable runs={runs} />
        </Box>
      </Box>
    </Drawer>
  );
}

function Facts(props: { workload: WorkloadDetail }) {
  const { workload } = props;
  const t = useMessages();
  return (
    <Box display="flex" flexDirection="column" gridGap={8}>
      <StatusLabel
        tone={INJECTION_TONES[workload.status]}
        text={`${t(`workload.status.${workload.status}`)}: ${
          workload.statusReason
        }`}
      />
      {workload.sidecar !== 'none' && (
        <StatusLabel
          tone={versionTone(workload)}
          text={versionText(workload, t)}
        />
      )}
      {workload.method.blockers.map(blocker => (
        <Typography key={blocker} variant="body2">
          {`${t('workload.impossible')}: ${blocker}`}
        </Typography>
      ))}
      <DataTable
        label={t('column.pods')}
        columns={podColumns(workload, t)}
        rows={workload.podList}
        rowKey={({ uid }) => uid}
      />
    </Box>
  );
}

function podColumns(
  workload: WorkloadDetail,
  t: Messages,
): Column<WorkloadPod>[] {
  return [
    { id: 'pod', title: t('column.pod'), render: ({ name }) => name },
    {
      id: 'state',
      title: t('column.status'),
      render: pod => (
        <>
          <StatusLabel
            tone={readinessTone(pod)}
            text={
              pod.ready ? t('pod.ready') : `${t('pod.notReady')} ${pod.phase}`
            }
          />
          {pod.problem && (
            <Typography variant="caption" display="block">
              {pod.problem}
            </Typography>
          )}
        </>
      ),
    },
    {
      id: 'version',
      title: t('column.sidecar'),
      render: pod =>
        pod.sidecar === 'none' ? (
          t('none')
        ) : (
          <StatusLabel
            tone={podTone(pod, workload)}
            text={pod.version ?? t('unknown')}
            detail={pod.image}
          />
        ),
    },
    {
      id: 'form',
      title: t('column.form'),
      render: ({ sidecar }) => t(`pod.sidecar.${sidecar}`),
    },
    {
      id: 'revision',
      title: t('column.revision'),
      render: ({ revision }) => revision ?? t('none'),
    },
    {
      id: 'age',
      title: t('column.created'),
      render: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
  ];
}

function readinessTone(pod: WorkloadPod): Tone {
  if (pod.problem) {
    return 'bad';
  }
  return pod.ready ? 'good' : 'warning';
}

function podTone(pod: WorkloadPod, workload: WorkloadDetail): Tone {
  if (!pod.version || !workload.desiredVersion) {
    return 'unknown';
  }
  return pod.version === workload.desiredVersion ? 'good' : 'upgrade';
}
