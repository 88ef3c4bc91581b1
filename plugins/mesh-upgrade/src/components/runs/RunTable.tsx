import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { RunSummary } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useLanguage, useMessages, type Live } from '../../hooks';
import { runRouteRef } from '../../routes';
import {
  DataTable,
  Elapsed,
  FailurePanel,
  Invitation,
  Person,
  ProgressLine,
  RelativeTime,
  StatusLabel,
  type Column,
} from '../widgets';
import {
  isFinal,
  runMessage,
  runStateText,
  runTitle,
  runTone,
} from './runWords';

/** Upgrades, running ones first, then the newest. */
export function RunTable(props: { runs: Live<RunSummary[]> }) {
  const { runs } = props;
  const t = useMessages();
  const locale = useLanguage();
  const runLink = useRouteRef(runRouteRef);
  const columns: Column<RunSummary>[] = [
    {
      id: 'run',
      title: t('column.upgrade'),
      render: run => (
        <Link to={runLink({ id: run.id })}>{runTitle(run, t)}</Link>
      ),
    },
    {
      id: 'state',
      title: t('column.status'),
      render: run => (
        <StatusLabel
          tone={runTone(run)}
          text={runStateText(run, t)}
          detail={runMessage(run, t, locale)}
        />
      ),
    },
    {
      id: 'progress',
      title: t('column.progress'),
      width: 160,
      render: run => (
        <ProgressLine
          label={t('run.progress')}
          done={run.progress.done}
          total={run.progress.total}
        />
      ),
    },
    {
      id: 'by',
      title: t('column.startedBy'),
      render: run => <Person entityRef={run.startedBy} />,
    },
    {
      id: 'at',
      title: t('column.started'),
      render: run => <RelativeTime at={run.startedAt ?? run.createdAt} />,
    },
    {
      id: 'took',
      title: t('column.duration'),
      render: run =>
        run.startedAt ? (
          <Elapsed from={run.startedAt} to={run.endedAt} />
        ) : (
          t('none')
        ),
    },
  ];
  return (
    <>
      {runs.error && (
        <FailurePanel
          title={t('runs.failed')}
          error={runs.error}
          onRetry={runs.refresh}
        />
      )}
      {runs.value?.length === 0 ? (
        <Invitation title={t('runs.none')} text={t('runs.noneText')} />
      ) : (
        (runs.value || runs.loading) && (
          <DataTable
            label={t('page.upgrades')}
            columns={columns}
            rows={runs.value && sortRuns(runs.value)}
            rowKey={run => run.id}
            skeletonRows={3}
          />
        )
      )}
    </>
  );
}

function sortRuns(runs: RunSummary[]): RunSummary[] {
  return [...runs].sort(
    (a, b) =>
      Number(isFinal(a)) - Number(isFinal(b)) ||
      b.createdAt.localeCompare(a.createdAt),
  );
}
