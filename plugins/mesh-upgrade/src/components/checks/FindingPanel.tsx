import { Link } from '@backstage/core-components';
import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import ExpandMore from '@material-ui/icons/ExpandMore';
import { useMessages } from '../../hooks';
import { FindingEvidence } from './FindingEvidence';
import type { FindingGroup } from './findingWords';

const useStyles = makeStyles({
  // The list keeps them apart, open or not; the line between neighbours would double the border.
  panel: { '&&': { margin: 0 }, '&::before': { display: 'none' } },
});

/** What a reader can do about findings. */
export interface FindingActions {
  /** Ids of the findings consented to. */
  consents: ReadonlySet<string>;
  /** Without it consents are shown, but not asked for. */
  onConsent?(ids: string[], given: boolean): void;
  /** Offered where another version is the remedy; without a version, all of them. */
  onChoose?(version?: string): void;
}

/** Findings that say the same: what to do, what was seen, and the tick or the button that goes with it. */
export function FindingPanel(
  props: FindingActions & { group: FindingGroup; open: boolean },
) {
  const { group, open, consents, onConsent, onChoose } = props;
  const { finding, members } = group;
  const t = useMessages();
  const classes = useStyles();
  const ids = members.map(({ id }) => id);
  return (
    <Accordion
      variant="outlined"
      defaultExpanded={open}
      TransitionProps={{ timeout: 0, unmountOnExit: true }}
      className={classes.panel}
    >
      <AccordionSummary expandIcon={<ExpandMore />}>
        <Box display="flex" gridGap={16} flexWrap="wrap" alignItems="baseline">
          {finding.cluster && !finding.workload && (
            <Typography variant="subtitle2">{finding.cluster}</Typography>
          )}
          <Typography variant="body2">{finding.title}</Typography>
          {members.length > 1 && (
            <Typography variant="body2" color="textSecondary">
              {t('finding.members', { count: members.length })}
            </Typography>
          )}
        </Box>
      </AccordionSummary>
      <AccordionDetails>
        <Box
          display="flex"
          flexDirection="column"
          gridGap={8}
          width="100%"
          minWidth={0}
        >
          {finding.remedy && <Typography>{finding.remedy}</Typography>}
          {onChoose && finding.direction === 'tooHigh' && (
            <Choices
              versions={finding.alternatives ?? []}
              onChoose={onChoose}
            />
          )}
          <FindingEvidence members={members} />
          {finding.link && (
            <Typography variant="body2">
              <Link to={finding.link.url}>{finding.link.title}</Link>
            </Typography>
          )}
          {onConsent && finding.severity === 'consent' && (
            <FormControlLabel
              label={t('finding.consent')}
              control={
                <Checkbox
                  color="primary"
                  checked={ids.every(id => consents.has(id))}
                  onChange={(_, given) => onConsent(ids, given)}
                />
              }
            />
          )}
        </Box>
      </AccordionDetails>
    </Accordion>
  );
}

function Choices(props: {
  versions: string[];
  onChoose(version?: string): void;
}) {
  const { versions, onChoose } = props;
  const t = useMessages();
  return (
    <Box display="flex" gridGap={8} flexWrap="wrap">
      {versions.map(version => (
        <Button
          key={version}
          size="small"
          variant="outlined"
          onClick={() => onChoose(version)}
        >
          {t('finding.choose', { version })}
        </Button>
      ))}
      <Button size="small" onClick={() => onChoose()}>
        {t('wizard.target')}
      </Button>
    </Box>
  );
}
