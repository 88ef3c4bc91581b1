import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { StatusLabel } from '../widgets';
import {
  groupFindings,
  SEVERITY_TONES,
  type FindingGroup,
} from './findingWords';

/** The findings of a check, worst first; what needs the reader is open. */
export function FindingList(props: {
  findings: CheckFinding[];
  /** Keys of the groups consented to. */
  consents: ReadonlySet<string>;
  onConsent(key: string, given: boolean): void;
  /** Offered where another version is the remedy. */
  onChoose?(version?: string): void;
}) {
  return (
    <Box>
      {groupFindings(props.findings).map(group => (
        <Group key={group.key} {...props} group={group} />
      ))}
    </Box>
  );
}

function Group(props: {
  group: FindingGroup;
  consents: ReadonlySet<string>;
  onConsent(key: string, given: boolean): void;
  onChoose?(version?: string): void;
}) {
  const { group, consents, onConsent, onChoose } = props;
  const { finding, members } = group;
  const t = useMessages();
  const calls =
    finding.severity === 'blocker' ||
    finding.severity === 'consent' ||
    finding.severity === 'unknown';
  return (
    <Accordion
      variant="outlined"
      defaultExpanded={calls}
      TransitionProps={{ timeout: 0 }}
    >
      <AccordionSummary expandIcon={<ExpandMore />}>
        <Box display="flex" gridGap={16} flexWrap="wrap" alignItems="center">
          <StatusLabel
            tone={SEVERITY_TONES[finding.severity]}
            text={t(`finding.severity.${finding.severity}`)}
          />
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
        <Box display="flex" flexDirection="column" gridGap={8}>
          {finding.remedy && <Typography>{finding.remedy}</Typography>}
          {onChoose && finding.direction === 'tooHigh' && (
            <Box display="flex" gridGap={8} flexWrap="wrap">
              {(finding.alternatives ?? []).map(version => (
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
          )}
          {members.map(({ evidence, workload, cluster }) => (
            <Typography
              key={`${workload ?? cluster} ${evidence.object}`}
              variant="body2"
              color="textSecondary"
            >
              {t('finding.evidence', evidence)}
            </Typography>
          ))}
          {finding.severity === 'consent' && (
            <FormControlLabel
              label={t('finding.consent')}
              control={
                <Checkbox
                  color="primary"
                  checked={consents.has(group.key)}
                  onChange={(_, given) => onConsent(group.key, given)}
                />
              }
            />
          )}
        </Box>
      </AccordionDetails>
    </Accordion>
  );
}
