import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import { supportOf } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { SupportLabel } from '../widgets';

/** Until when a sidecar's version gets fixes; nothing when that is not known. */
export function Deadline(props: { version: string }) {
  const support = supportOf(props.version, new Date());
  return support.state === 'unknown' ? null : (
    <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8}>
      <Typography variant="body2" component="span">
        {props.version}
      </Typography>
      <SupportLabel support={support} />
    </Box>
  );
}
