import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import type { CheckReport } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import {
  FailurePanel,
  ProgressLine,
  RelativeTime,
  StatusLabel,
  type Tone,
} from '../widgets';
import { FindingList } from './FindingList';
import type { FindingActions } from './FindingPanel';
import type { EnvironmentCheck } from './useEnvironmentCheck';

/** An environment check while it runs and after it: the verdict first, then what it rests on. */
export function EnvironmentReport(
  props: FindingActions & { check: EnvironmentCheck },
) {
  const { check, ...actions } = props;
  const { findings, report, error } = check;
  const t = useMessages();
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {error && (
        <FailurePanel
          title={t('environment.failed')}
          error={error}
          onRetry={check.recheck}
        />
      )}
      {report && <Verdict report={report} />}
      {!report && !error && <Checking check={check} />}
      <FindingList findings={findings} {...actions} />
    </Box>
  );
}

function Checking(props: { check: EnvironmentCheck }) {
  const { progress, findings } = props.check;
  const t = useMessages();
  return (
    <Box role="status">
      <StatusLabel tone="progress" text={t('environment.checking')} />
      {progress && (
        <ProgressLine {...progress} label={t('environment.checking')} />
      )}
      {findings.length === 0 && (
        <>
          <Skeleton height={56} />
          <Skeleton height={56} />
        </>
      )}
    </Box>
  );
}

function Verdict(props: { report: CheckReport }) {
  const { findings, passed, checkedAt } = props.report;
  const t = useMessages();
  const blockers = findings.filter(one => one.severity === 'blocker').length;
  let verdict: { tone: Tone; text: string } = {
    tone: 'unknown',
    text: t('environment.notPassedAtAll'),
  };
  if (passed) {
    verdict = {
      tone: 'good',
      text: t('environment.passed', {
        count: findings.filter(one => one.severity === 'passed').length,
      }),
    };
  } else if (blockers > 0) {
    verdict = {
      tone: 'bad',
      text: t('environment.notPassed', { count: blockers }),
    };
  }
  return (
    <Box display="flex" gridGap={16} alignItems="center" role="status">
      <StatusLabel {...verdict} />
      <Typography variant="body2" color="textSecondary">
        <RelativeTime at={checkedAt} />
      </Typography>
    </Box>
  );
}
