import Typography from '@material-ui/core/Typography';
import type {
  RunStepView,
  RunView,
  StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import {
  DataTable,
  Elapsed,
  ProgressLine,
  StatusLabel,
  type Column,
} from '../widgets';
import { STEP_TONES } from './runWords';
import { stepCounts } from './stepCounts';

const ORDER: readonly StepState[] = [
  'failed',
  'running',
  'pending',
  'succeeded',
  'skipped',
];

/** The workloads of a sidecar upgrade: failures first, then what runs, waits and is done. */
export function SidecarSteps(props: { run: RunView }) {
  const { run } = props;
  const t = useMessages();
  const counts = stepCounts(run);
  const columns: Column<RunStepView>[] = [
    {
      id: 'workload',
      title: t('column.workload'),
      render: ({ title }) => title,
    },
    {
      id: 'cluster',
      title: t('column.cluster'),
      noWrap: true,
      render: ({ cluster }) => cluster,
    },
    {
      id: 'state',
      title: t('column.status'),
      render: ({ state }) => (
        <StatusLabel
          tone={STEP_TONES[state]}
          text={t(`run.stepState.${state}`)}
        />
      ),
    },
    {
      id: 'pods',
      title: t('column.pods'),
      width: 140,
      render: ({ progress, title }) =>
        progress ? (
          <ProgressLine
            label={title}
            done={progress.done}
            total={progress.total}
          />
        ) : (
          t('none')
        ),
    },
    {
      id: 'message',
      title: t('column.what'),
      render: ({ message }) => message,
    },
    {
      id: 'took',
      title: t('column.duration'),
      render: ({ startedAt, endedAt }) =>
        startedAt ? <Elapsed from={startedAt} to={endedAt} /> : t('none'),
    },
  ];
  return (
    <>
      <Typography>
        {t('run.counters', {
          succeeded: `${counts.succeeded}`,
          running: `${counts.running}`,
          pending: `${counts.pending}`,
          failed: `${counts.failed}`,
          skipped: `${counts.skipped}`,
        })}
      </Typography>
      <DataTable
        label={t('run.workloads')}
        columns={columns}
        rows={[...run.steps].sort(
          (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
        )}
        rowKey={({ id }) => id}
      />
    </>
  );
}
