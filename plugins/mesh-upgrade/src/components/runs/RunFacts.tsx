import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshRouteRef, runRouteRef } from '../../routes';
import { Person, RelativeTime } from '../widgets';
import { RunPlan } from './RunPlan';
import { isFinal, MANUAL_DRIVER } from './runWords';

const useStyles = makeStyles(theme => ({
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& > li:not(:last-child)::after': {
      content: '"·"',
      margin: theme.spacing(0, 1),
    },
  },
}));

/** Who started a run, who agreed to it, after which plan, by what, and what it follows. */
export function RunFacts(props: { run: RunView }) {
  const { run } = props;
  const { approval, meshId } = run;
  const classes = useStyles();
  const t = useMessages();
  const runLink = useRouteRef(runRouteRef);
  const meshLink = useRouteRef(meshRouteRef);
  const facts: ReactNode[] = [
    <>
      {t('run.startedBy')} <Person entityRef={run.startedBy} />{' '}
      <RelativeTime at={run.startedAt ?? run.createdAt} />
    </>,
    approval?.decidedBy && (
      <>
        {t(
          approval.decision === 'rejected'
            ? 'run.rejectedBy'
            : 'run.approvedBy',
        )}{' '}
        <Person entityRef={approval.decidedBy} />{' '}
        {approval.decidedAt && <RelativeTime at={approval.decidedAt} />}
      </>
    ),
    meshId && (
      <Link to={meshLink({ id: meshId })}>
        {t('run.mesh', { mesh: meshId })}
      </Link>
    ),
    <RunPlan run={run} />,
    run.driver && t('run.driver', { driver: run.driver }),
    run.retryOf && (
      <Link to={runLink({ id: run.retryOf })}>{t('run.retryOf')}</Link>
    ),
    run.returnOf && (
      <Link to={runLink({ id: run.returnOf })}>{t('run.returnOf')}</Link>
    ),
    !isFinal(run) &&
      run.kind === 'mesh' &&
      run.driver !== MANUAL_DRIVER &&
      t('run.handsOff'),
  ].filter(Boolean);
  return (
    <Typography
      component="ul"
      variant="body2"
      color="textSecondary"
      className={classes.facts}
    >
      {facts.map((fact, index) => (
        <li key={index}>{fact}</li>
      ))}
    </Typography>
  );
}
