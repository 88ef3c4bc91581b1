import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';

/** As many as a reader takes in; the rest is counted. */
const SHOWN_OBJECTS = 10;

/** What was seen and what was needed, object by object, and the objects that are hit. */
export function FindingEvidence(props: { members: CheckFinding[] }) {
  const t = useMessages();
  return (
    <Box display="flex" flexDirection="column" gridGap={4}>
      {props.members.map(member => (
        <Box key={member.id}>
          <Typography variant="body2" color="textSecondary">
            {t('finding.evidence', member.evidence)}
          </Typography>
          <Objects finding={member} />
        </Box>
      ))}
    </Box>
  );
}

function Objects(props: { finding: CheckFinding }) {
  const { objects = [], objectsTotal = objects.length } = props.finding;
  const t = useMessages();
  if (objects.length === 0) {
    return null;
  }
  const shown = objects.slice(0, SHOWN_OBJECTS);
  const more = objectsTotal - shown.length;
  return (
    <Box component="ul" m={0} pl={3}>
      {shown.map(({ kind, namespace, name }) => {
        const text = `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
        return (
          <Typography key={text} component="li" variant="body2">
            {text}
          </Typography>
        );
      })}
      {more > 0 && (
        <Typography component="li" variant="body2" color="textSecondary">
          {t('finding.moreObjects', { count: more })}
        </Typography>
      )}
    </Box>
  );
}
