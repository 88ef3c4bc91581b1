import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type { RefusedVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';

/** As many of one reason as a reader takes in; a registry may hold thousands. */
const SHOWN = 20;

/** The versions that exist and are not offered, by the reason why. */
export function RefusedVersions(props: { refused: RefusedVersion[] }) {
  const t = useMessages();
  const { refused } = props;
  if (refused.length === 0) {
    return null;
  }
  const codes = [...new Set(refused.map(({ code }) => code))];
  return (
    <Box>
      <Accordion variant="outlined" TransitionProps={{ timeout: 0 }}>
        <AccordionSummary expandIcon={<ExpandMore />}>
          <Typography variant="body2">
            {t('target.refused', { count: refused.length })}
          </Typography>
        </AccordionSummary>
        <AccordionDetails>
          <Box display="flex" flexDirection="column" gridGap={12}>
            {codes.map(code => (
              <SameReason
                key={code}
                title={t(`target.refusal.${code}`)}
                refused={refused.filter(one => one.code === code)}
              />
            ))}
          </Box>
        </AccordionDetails>
      </Accordion>
    </Box>
  );
}

function SameReason(props: { title: string; refused: RefusedVersion[] }) {
  const { title, refused } = props;
  const t = useMessages();
  const more = refused.length - SHOWN;
  return (
    <Box component="section">
      <Typography component="h4" variant="subtitle2">
        {title}
      </Typography>
      {refused.slice(0, SHOWN).map(({ version, reason }) => (
        <Typography key={version} variant="body2">
          {`${version}: ${reason}`}
        </Typography>
      ))}
      {more > 0 && (
        <Typography variant="body2" color="textSecondary">
          {t('target.moreRefused', { count: more })}
        </Typography>
      )}
    </Box>
  );
}
