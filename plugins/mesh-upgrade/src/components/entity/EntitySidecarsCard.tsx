import { Link } from '@backstage/core-components';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { summariseSidecars } from '../sidecars/sidecarSummary';
import { versionText } from '../sidecars/workloadWords';
import { FailurePanel, StatusLabel } from '../widgets';
import { Deadline } from './Deadline';
import { useEntitySidecars } from './useEntitySidecars';

const MOST_LISTED = 5;

/** How current the sidecars of a Component are, in a few lines. */
export function EntitySidecarsCard() {
  const t = useMessages();
  const { workloads } = useEntitySidecars();
  return (
    <EntityInfoCard title={t('page.sidecars')}>
      {workloads.error && (
        <FailurePanel
          title={workloads.value ? t('workloads.stale') : t('workloads.failed')}
          error={workloads.error}
          onRetry={workloads.refresh}
        />
      )}
      {workloads.loading && <Skeleton variant="rect" height={60} />}
      {workloads.value && <Summary workloads={workloads.value.items} />}
    </EntityInfoCard>
  );
}

function Summary(props: { workloads: WorkloadView[] }) {
  const t = useMessages();
  const { meshed, outdated, unknown, oldest } = summariseSidecars(
    props.workloads,
  );
  if (meshed.length === 0) {
    return <StatusLabel tone="stopped" text={t('entity.noSidecars')} />;
  }
  return (
    <Box display="flex" flexDirection="column" gridGap={8}>
      {outdated.length > 0 && (
        <>
          <Typography variant="body2">
            {t('entity.outdated', { count: outdated.length })}
          </Typography>
          {outdated.slice(0, MOST_LISTED).map(workload => (
            <StatusLabel
              key={workload.id}
              tone="upgrade"
              text={`${workload.name} (${workload.cluster}): ${versionText(
                workload,
                t,
              )} · ${t('selection.pods', { count: workload.pods.total })}`}
            />
          ))}
          {outdated.length > MOST_LISTED && (
            <Typography variant="body2" color="textSecondary">
              {t('entity.more', { count: outdated.length - MOST_LISTED })}
            </Typography>
          )}
          {oldest && <Deadline version={oldest} />}
        </>
      )}
      {unknown.length > 0 && (
        <StatusLabel
          tone="unknown"
          text={t('entity.unknown', { count: unknown.length })}
        />
      )}
      {outdated.length + unknown.length === 0 ? (
        <StatusLabel
          tone="good"
          text={t('entity.allCurrent', { count: meshed.length })}
        />
      ) : (
        <Typography variant="body2">
          <Link to="sidecars">{t('entity.open')}</Link>
        </Typography>
      )}
    </Box>
  );
}
