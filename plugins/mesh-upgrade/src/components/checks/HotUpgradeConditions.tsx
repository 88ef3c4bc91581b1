import Box from '@material-ui/core/Box';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { FindingEvidence } from './FindingEvidence';
import { groupFindings } from './findingWords';

/** Id of the check whose findings say whether sidecars can be replaced without a restart. */
const HOT_UPGRADE_CHECK = 'hot-upgrade-conditions';

/** The conditions of a hot upgrade as a list, before everything else: they decide how the pods are upgraded. */
export function HotUpgradeConditions(props: { findings: CheckFinding[] }) {
  const t = useMessages();
  const groups = groupFindings(
    props.findings.filter(({ check }) => check === HOT_UPGRADE_CHECK),
  );
  if (groups.length === 0) {
    return null;
  }
  return (
    <Paper variant="outlined">
      <Box p={2}>
        <Typography component="h3" variant="subtitle2">
          {t('environment.hotConditions')}
        </Typography>
        <Box component="ul" m={0} pl={3}>
          {groups.map(({ key, finding, members }) => (
            <Typography key={key} component="li" variant="body2">
              {finding.title}
              {members.length > 1 && (
                <Typography
                  component="span"
                  variant="body2"
                  color="textSecondary"
                >
                  {' '}
                  {t('finding.members', { count: members.length })}
                </Typography>
              )}
              <FindingEvidence members={members.slice(0, 1)} />
            </Typography>
          ))}
        </Box>
      </Box>
    </Paper>
  );
}
