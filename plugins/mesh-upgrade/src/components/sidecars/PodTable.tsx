import Typography from '@material-ui/core/Typography';
import type {
  WorkloadDetail,
  WorkloadPod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import {
  CopyButton,
  DataTable,
  LongText,
  RelativeTime,
  REVEALED,
  StatusLabel,
  type Column,
  type Tone,
} from '../widgets';

/** What each pod of a workload runs and how it is. */
export function PodTable(props: { workload: WorkloadDetail }) {
  const { workload } = props;
  const t = useMessages();
  return (
    <DataTable
      label={t('column.pods')}
      columns={podColumns(workload, t)}
      rows={workload.podList}
      rowKey={({ uid }) => uid}
    />
  );
}

function podColumns(
  workload: WorkloadDetail,
  t: Messages,
): Column<WorkloadPod>[] {
  return [
    {
      id: 'pod',
      title: t('column.pod'),
      render: ({ name }) => (
        <>
          <LongText text={name} most={32} focusable />
          <CopyButton text={name} className={REVEALED} />
        </>
      ),
    },
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
      render: pod => <Sidecar pod={pod} workload={workload} />,
    },
    {
      id: 'revision',
      title: t('column.revision'),
      render: ({ revision }) => revision ?? t('none'),
    },
    {
      id: 'node',
      title: t('column.node'),
      render: ({ node }) =>
        node ? <LongText text={node} most={22} focusable /> : t('none'),
    },
    {
      id: 'age',
      title: t('column.created'),
      noWrap: true,
      render: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
  ];
}

function Sidecar(props: { pod: WorkloadPod; workload: WorkloadDetail }) {
  const { pod, workload } = props;
  const t = useMessages();
  if (pod.sidecar === 'none') {
    return <>{t('pod.sidecar.none')}</>;
  }
  return (
    <>
      <StatusLabel
        tone={podTone(pod, workload)}
        text={pod.version ?? t('unknown')}
      />
      <Typography variant="caption" color="textSecondary" display="block">
        {t(`pod.sidecar.${pod.sidecar}`)}
      </Typography>
      {pod.image && (
        <Typography variant="caption" color="textSecondary" display="block">
          <LongText text={pod.image} most={34} focusable />
          <CopyButton text={pod.image} className={REVEALED} />
        </Typography>
      )}
    </>
  );
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
