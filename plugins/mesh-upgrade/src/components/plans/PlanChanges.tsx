import { useState } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import ExpandLess from '@material-ui/icons/ExpandLess';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type { PlannedChange } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { Instruction } from '../widgets';
import { YamlDifference } from './YamlDifference';

const PAGE = 50;

/** The objects a plan changes, in order: before, after, and as YAML where that is known. */
export function PlanChanges(props: { changes: PlannedChange[] }) {
  const { changes } = props;
  const t = useMessages();
  const [shown, setShown] = useState(PAGE);
  const rest = changes.length - shown;
  return (
    <>
      <Changes changes={changes.slice(0, shown)} />
      {rest > 0 && (
        <Box>
          <Button size="small" onClick={() => setShown(shown + PAGE)}>
            {t('plan.moreChanges', { count: rest })}
          </Button>
        </Box>
      )}
    </>
  );
}

function Changes(props: { changes: PlannedChange[] }) {
  const t = useMessages();
  return (
    <Box
      component="ol"
      m={0}
      p={0}
      display="flex"
      flexDirection="column"
      gridGap={8}
      style={{ listStyle: 'none' }}
      aria-label={t('plan.changes')}
    >
      {props.changes.map((change, index) => (
        <Change key={`${index} ${change.object}`} change={change} />
      ))}
    </Box>
  );
}

function Change(props: { change: PlannedChange }) {
  const { cluster, object, before, after, effect, yaml } = props.change;
  const t = useMessages();
  const [open, setOpen] = useState(false);
  return (
    <Paper component="li" variant="outlined" style={{ padding: '8px 16px' }}>
      <Box display="flex" alignItems="baseline" flexWrap="wrap" gridGap={8}>
        <Typography variant="subtitle2" component="span">
          {object}
        </Typography>
        <Typography variant="body2" component="span" color="textSecondary">
          {cluster}
        </Typography>
        <Box flexGrow={1} />
        {yaml && (
          <Button
            size="small"
            aria-expanded={open}
            endIcon={open ? <ExpandLess /> : <ExpandMore />}
            onClick={() => setOpen(!open)}
          >
            {t('plan.yaml')}
          </Button>
        )}
      </Box>
      <Typography variant="body2" style={{ overflowWrap: 'anywhere' }}>
        {`${before} → ${after}`}
      </Typography>
      <Typography variant="body2" component="div" color="textSecondary">
        <Instruction text={effect} />
      </Typography>
      {yaml && open && (
        <Box mt={1}>
          <YamlDifference label={object} yaml={yaml} />
        </Box>
      )}
    </Paper>
  );
}
