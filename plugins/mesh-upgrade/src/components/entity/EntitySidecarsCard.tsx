import { Link } from '@backstage/core-components';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { versionText, versionTone } from '../sidecars/workloadWords';
import { FailurePanel, StatusLabel } from '../widgets';
import { useEntitySidecars } from './useEntitySidecars';

/** How current the sidecars of a Component are, in a few lines. */
export function EntitySidecarsCard() {
  const t = useMessages();
  const { workloads } = useEntitySidecars();
  return (
    <EntityInfoCard title={t('page.sidecars')}>
      {workloads.error && (
        <FailurePanel
          title={t('workloads.failed')}
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
  const meshed = props.workloads.filter(({ sidecar }) => sidecar !== 'none');
  const outdated = meshed.filter(workload => workload.outdated);
  const unknown = meshed.filter(one => versionTone(one) === 'unknown');
  if (meshed.length === 0) {
    return <StatusLabel tone="stopped" text={t('entity.noSidecars')} />;
  }
  if (outdated.length === 0) {
    return unknown.length > 0 ? (
      <StatusLabel
        tone="unknown"
        text={t('entity.unknown', { count: unknown.length })}
      />
    ) : (
      <StatusLabel
        tone="good"
        text={t('entity.allCurrent', { count: meshed.length })}
      />
    );
  }
  return (
    <Box display="flex" flexDirection="column" gridGap={8}>
      <Typography>
        {t('entity.outdated', { count: outdated.length })}
      </Typography>
      {outdated.slice(0, 5).map(workload => (
        <StatusLabel
          key={workload.id}
          tone="upgrade"
          text={`${workload.name} (${workload.cluster}): ${versionText(
            workload,
            t,
          )} · ${t('selection.pods', { count: workload.pods.total })}`}
        />
      ))}
      <Link to="sidecars">{t('entity.open')}</Link>
    </Box>
  );
}
