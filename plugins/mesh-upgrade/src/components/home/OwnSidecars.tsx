import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { EntityRefLink, entityRouteRef } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { useMessages } from '../../hooks';
import { versionText } from '../sidecars/workloadWords';
import { FailurePanel, StatusLabel } from '../widgets';
import { useOwnSidecars, type OwnSidecars as Own } from './useOwnSidecars';

/** Which of the reader's components run older sidecars, for a home page. */
export function OwnSidecars() {
  const t = useMessages();
  const { value, error, loading, refresh } = useOwnSidecars();
  if (loading) {
    return (
      <Box aria-busy="true" aria-label={t('home.loading')}>
        <Skeleton width="70%" />
        <Skeleton width="50%" />
        <Skeleton width="50%" />
      </Box>
    );
  }
  if (!value) {
    return (
      <>
        {error && (
          <FailurePanel
            title={t('workloads.failed')}
            error={error}
            onRetry={refresh}
          />
        )}
      </>
    );
  }
  if (value.length === 0) {
    return <Typography variant="body2">{t('home.none')}</Typography>;
  }
  const behind = value.filter(({ behind: { total } }) => total > 0);
  if (behind.length === 0) {
    return (
      <StatusLabel
        tone="good"
        text={t('home.noneBehind', { count: value.length })}
      />
    );
  }
  return (
    <Box display="flex" flexDirection="column" gridGap={8}>
      <Typography variant="body2">
        {t('home.behind', { count: behind.length, total: `${value.length}` })}
      </Typography>
      {behind.map(own => (
        <Behind key={own.entityRef} own={own} />
      ))}
    </Box>
  );
}

function Behind(props: { own: Own }) {
  const { entityRef, behind } = props.own;
  const t = useMessages();
  const entityLink = useRouteRef(entityRouteRef);
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const [first] = behind.items;
  return (
    <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8}>
      <Typography variant="body2" component="span">
        <EntityRefLink entityRef={entityRef} />
      </Typography>
      <Link
        variant="body2"
        to={`${entityLink({ kind, namespace, name })}/sidecars`}
      >
        {t('mesh.workloads', { count: behind.total })}
      </Link>
      {first && <StatusLabel tone="upgrade" text={versionText(first, t)} />}
    </Box>
  );
}
