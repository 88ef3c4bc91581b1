import Typography from '@material-ui/core/Typography';
import Box from '@material-ui/core/Box';
import { Link } from '@backstage/core-components';
import Alert from '@material-ui/lab/Alert';
import type {
  TargetVersions,
  VersionSourceView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { RelativeTime } from '../widgets';

/** Where the versions and the facts about them come from, how old they are, and what did not answer. */
export function VersionSources(props: { versions: TargetVersions }) {
  const { sources, matrix } = props.versions;
  const t = useMessages();
  const failing = sources.filter(({ error }) => error);
  const answering = sources.filter(({ error }) => !error);
  return (
    <Box display="flex" flexDirection="column" gridGap={8}>
      {failing.length > 0 && (
        <Alert severity="warning">
          {failing.map(one => (
            <Failing key={one.source} source={one} />
          ))}
        </Alert>
      )}
      {matrix.problem && <Alert severity="warning">{matrix.problem}</Alert>}
      {matrix.stale && (
        <Alert severity="warning">
          {t('target.matrixStale', { readAt: matrix.readAt })}{' '}
          <Link to={matrix.url}>{matrix.source}</Link>
        </Alert>
      )}
      {answering.map(({ source, kind, seenAt }) => (
        <Typography key={source} variant="body2" color="textSecondary">
          {t(`target.source.${kind}`, { source })}
          {seenAt && (
            <>
              {' · '}
              <RelativeTime at={seenAt} />
            </>
          )}
        </Typography>
      ))}
    </Box>
  );
}

function Failing(props: { source: VersionSourceView }) {
  const { source, error = '', seenAt } = props.source;
  const t = useMessages();
  return (
    <Typography variant="body2">
      {t('target.sourceFailed', { source, error })}
      {seenAt && (
        <>
          {' '}
          {t('target.sourceKept')} <RelativeTime at={seenAt} />
        </>
      )}
    </Typography>
  );
}
