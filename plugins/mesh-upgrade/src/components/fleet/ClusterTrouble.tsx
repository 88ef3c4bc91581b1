import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import Typography from '@material-ui/core/Typography';
import type { ClusterView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { ClampedText, FailurePanel, RelativeTime } from '../widgets';
import { useFleet } from './FleetProvider';

/** Names the clusters that cannot be read, each with the reason; nothing when all is well. */
export function ClusterTrouble(props: {
  /** Leaves out all others. */
  only?: string[];
  /** Where something else says when nothing may be seen. */
  quiet?: boolean;
}) {
  const { only, quiet } = props;
  const t = useMessages();
  const { clusters } = useFleet();
  if (clusters.error && !clusters.value && !quiet) {
    return (
      <FailurePanel
        title={t('clusters.failed')}
        error={clusters.error}
        onRetry={clusters.refresh}
      />
    );
  }
  const troubled = (clusters.value ?? []).filter(
    ({ name, health }) =>
      health.state !== 'healthy' &&
      health.state !== 'connecting' &&
      (!only || only.includes(name)),
  );
  if (troubled.length === 0) {
    return null;
  }
  return (
    <Alert
      severity="warning"
      action={
        <Button
          color="inherit"
          size="small"
          style={{ whiteSpace: 'nowrap' }}
          onClick={clusters.refresh}
        >
          {t('action.retry')}
        </Button>
      }
    >
      <AlertTitle>
        {t('clusters.trouble', {
          count: troubled.length,
          total: `${(only ?? clusters.value ?? []).length}`,
        })}
      </AlertTitle>
      {troubled.map(cluster => (
        <Trouble key={cluster.name} cluster={cluster} />
      ))}
    </Alert>
  );
}

function Trouble(props: { cluster: ClusterView }) {
  const { title, health, observedAt } = props.cluster;
  const t = useMessages();
  return (
    <>
      <Typography variant="body2">
        <strong>{title}</strong>
        {`: ${t(`clusters.state.${health.state}`)} · `}
        <RelativeTime at={health.since} />
        {health.remedy && ` · ${health.remedy}`}
        {' · '}
        {observedAt ? (
          <>
            {t('clusters.shownFrom')} <RelativeTime at={observedAt} />
          </>
        ) : (
          t('clusters.neverSeen')
        )}
      </Typography>
      {health.reason && <ClampedText text={health.reason} />}
    </>
  );
}
