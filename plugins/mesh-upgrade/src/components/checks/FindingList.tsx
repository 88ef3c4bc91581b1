import { useState } from 'react';
import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type {
  CheckFinding,
  CheckSeverity,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { StatusLabel } from '../widgets';
import { FindingPanel, type FindingActions } from './FindingPanel';
import { QuietFindings } from './QuietFindings';
import { groupFindings, SEVERITIES, SEVERITY_TONES } from './findingWords';

/** Severities that nobody has to act upon: folded away, but counted. */
const QUIET: readonly CheckSeverity[] = ['info', 'passed'];

/** The findings of a check by severity, worst first; what needs the reader is open. */
export function FindingList(
  props: FindingActions & { findings: CheckFinding[] },
) {
  const { findings, ...actions } = props;
  const allQuiet = findings.every(({ severity }) => QUIET.includes(severity));
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {SEVERITIES.map(severity => {
        const own = findings.filter(one => one.severity === severity);
        if (own.length === 0) {
          return null;
        }
        return QUIET.includes(severity) ? (
          <Folded
            key={severity}
            severity={severity}
            findings={own}
            openAtFirst={allQuiet}
          />
        ) : (
          <Loud
            key={severity}
            severity={severity}
            findings={own}
            actions={actions}
          />
        );
      })}
    </Box>
  );
}

function Loud(props: {
  severity: CheckSeverity;
  findings: CheckFinding[];
  actions: FindingActions;
}) {
  const { severity, findings, actions } = props;
  const groups = groupFindings(findings);
  return (
    <Box component="section" display="flex" flexDirection="column" gridGap={8}>
      <Heading severity={severity} count={groups.length} />
      {groups.map(group => (
        <FindingPanel
          key={group.key}
          group={group}
          open={severity !== 'warning'}
          {...actions}
        />
      ))}
    </Box>
  );
}

function Folded(props: {
  severity: CheckSeverity;
  findings: CheckFinding[];
  /** Until somebody folds it: where nothing is wrong, what was looked at is what is left to say. */
  openAtFirst: boolean;
}) {
  const { severity, findings, openAtFirst } = props;
  const [open, setOpen] = useState<boolean>();
  const groups = groupFindings(findings);
  return (
    <Accordion
      variant="outlined"
      expanded={open ?? openAtFirst}
      onChange={(_, expanded) => setOpen(expanded)}
      TransitionProps={{ timeout: 0 }}
      style={{ margin: 0 }}
    >
      <AccordionSummary expandIcon={<ExpandMore />}>
        <Heading severity={severity} count={groups.length} />
      </AccordionSummary>
      <AccordionDetails>
        <QuietFindings groups={groups} />
      </AccordionDetails>
    </Accordion>
  );
}

function Heading(props: { severity: CheckSeverity; count: number }) {
  const { severity, count } = props;
  const t = useMessages();
  return (
    <Typography component="h3" variant="subtitle2">
      <StatusLabel
        tone={SEVERITY_TONES[severity]}
        text={t('finding.counted', {
          severity: t(`finding.severity.${severity}`),
          findings: `${count}`,
        })}
      />
    </Typography>
  );
}
