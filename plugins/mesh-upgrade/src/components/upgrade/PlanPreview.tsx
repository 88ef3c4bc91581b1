import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import Accordion from '@material-ui/core/Accordion';
import AccordionDetails from '@material-ui/core/AccordionDetails';
import AccordionSummary from '@material-ui/core/AccordionSummary';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import ExpandMore from '@material-ui/icons/ExpandMore';
import Skeleton from '@material-ui/lab/Skeleton';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { PlanDetails } from '../plans';
import { FailurePanel } from '../widgets';

/** The objects an upgrade would change, asked for when somebody wants to see them. */
export function PlanPreview(props: { subject: UpgradeSubject }) {
  const t = useMessages();
  const [open, setOpen] = useState(false);
  return (
    <Accordion
      variant="outlined"
      expanded={open}
      onChange={(_, expanded) => setOpen(expanded)}
      TransitionProps={{ timeout: 0, unmountOnExit: true }}
    >
      <AccordionSummary expandIcon={<ExpandMore />}>
        <Typography variant="body2">{t('plan.preview')}</Typography>
      </AccordionSummary>
      <AccordionDetails>{open && <Preview {...props} />}</AccordionDetails>
    </Accordion>
  );
}

function Preview(props: { subject: UpgradeSubject }) {
  const { subject } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const plan = useAsyncRetry(
    () => api.plan(subject),
    [api, JSON.stringify(subject)],
  );
  return (
    <Box width="100%" minWidth={0}>
      {plan.error && (
        <FailurePanel
          title={t('plan.failed')}
          error={plan.error}
          onRetry={plan.retry}
        />
      )}
      {plan.loading && <Skeleton variant="rect" height={120} />}
      {plan.value && <PlanDetails plan={plan.value} />}
    </Box>
  );
}
