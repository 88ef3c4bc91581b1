import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type {
  PlannedStepView,
  UpgradePlan,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { DataTable, durationText, type Column } from '../widgets';

/** The steps a run of this plan takes, in order, and how long such steps usually take. */
export function PlanSteps(props: { plan: UpgradePlan }) {
  const { steps = [], usualSeconds } = props.plan;
  const t = useMessages();
  if (steps.length === 0) {
    return null;
  }
  const columns: Column<PlannedStepView>[] = [
    { id: 'step', title: t('column.step'), render: ({ title }) => title },
    {
      id: 'cluster',
      title: t('column.cluster'),
      noWrap: true,
      render: ({ cluster }) => cluster,
    },
    {
      id: 'phase',
      title: t('column.phase'),
      noWrap: true,
      render: ({ phase }) => t(`run.phase.${phase}`),
    },
    {
      id: 'usual',
      title: t('column.usual'),
      noWrap: true,
      render: step =>
        step.usualSeconds === undefined
          ? t('plan.neverSeen')
          : durationText(step.usualSeconds, t),
    },
  ];
  return (
    <Box>
      <Accordion variant="outlined" TransitionProps={{ timeout: 0 }}>
        <AccordionSummary expandIcon={<ExpandMore />}>
          <Typography variant="body2">
            {t('plan.steps', { count: steps.length })}{' '}
            {usualSeconds === undefined
              ? t('plan.durationUnknown')
              : t('plan.duration', {
                  duration: durationText(usualSeconds, t),
                })}
          </Typography>
        </AccordionSummary>
        <AccordionDetails>
          <Box width="100%" minWidth={0}>
            <DataTable
              label={t('plan.stepsLabel')}
              columns={columns}
              rows={steps}
              rowKey={step => `${steps.indexOf(step)}`}
              dense
            />
          </Box>
        </AccordionDetails>
      </Accordion>
    </Box>
  );
}
