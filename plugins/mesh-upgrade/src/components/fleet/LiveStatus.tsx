import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import { wordsOf } from '../../api/errors';
import { useMessages } from '../../hooks';
import { useConnection } from '../../live';
import { RelativeTime, StatusLabel } from '../widgets';
import { useFleet } from './FleetProvider';

/** Whether changes appear by themselves, and how old what is shown can be. */
export function LiveStatus() {
  const t = useMessages();
  const { meshes } = useFleet();
  const connection = useConnection();
  const { checkedAt, error } = meshes;
  if (!checkedAt) {
    return null;
  }
  return (
    <Box display="flex" alignItems="center" gridGap={8}>
      {error ? (
        <StatusLabel
          tone="warning"
          text={t('live.broken')}
          detail={wordsOf(error)}
        />
      ) : (
        connection !== 'connecting' && (
          <StatusLabel
            tone={connection === 'live' ? 'good' : 'waiting'}
            text={t(`live.${connection}`)}
            detail={t(`live.${connection}Detail`)}
          />
        )
      )}
      <Typography variant="body2" color="textSecondary" noWrap>
        {t('live.checked')} <RelativeTime at={checkedAt} />
      </Typography>
    </Box>
  );
}
