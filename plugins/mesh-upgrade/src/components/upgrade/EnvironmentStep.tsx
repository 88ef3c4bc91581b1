import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import type {
  CheckReport,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { FailurePanel, RelativeTime, StatusLabel, type Tone } from '../widgets';
import { environmentObstacle } from './environmentObstacle';
import { FindingList } from './FindingList';
import { WizardActions } from './WizardFrame';

/** Environment detection: asks for a check and lets nobody past what it found. */
export function EnvironmentStep(props: {
  subject: UpgradeSubject;
  onBack?(): void;
  onNext(): void;
  onChoose?(version?: string): void;
}) {
  const { subject, onBack, onNext, onChoose } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const [consents, setConsents] = useState<ReadonlySet<string>>(new Set());
  const check = useAsyncRetry(
    () => api.check(subject),
    [api, JSON.stringify(subject)],
  );
  const report = check.loading ? undefined : check.value;
  let reason: string = t('environment.checking');
  if (check.error && !check.loading) {
    reason = t('environment.failed');
  }

  return (
    <Box>
      {check.error && !check.loading && (
        <FailurePanel
          title={t('environment.failed')}
          error={check.error}
          onRetry={check.retry}
        />
      )}
      {check.loading && <Checking />}
      {report && <Verdict report={report} />}
      {report && (
        <FindingList
          findings={report.findings}
          consents={consents}
          onConsent={(key, given) => {
            const next = new Set(consents);
            if (given) {
              next.add(key);
            } else {
              next.delete(key);
            }
            setConsents(next);
          }}
          onChoose={onChoose}
        />
      )}
      <WizardActions
        onBack={onBack}
        onNext={onNext}
        reason={
          report ? environmentObstacle(report, subject, consents, t) : reason
        }
      >
        <Button onClick={check.retry} disabled={check.loading}>
          {t('environment.recheck')}
        </Button>
      </WizardActions>
    </Box>
  );
}

function Checking() {
  const t = useMessages();
  return (
    <Box role="status">
      <StatusLabel tone="progress" text={t('environment.checking')} />
      <Skeleton height={56} />
      <Skeleton height={56} />
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
      text: t('environment.passed', { count: findings.length }),
    };
  } else if (blockers > 0) {
    verdict = {
      tone: 'bad',
      text: t('environment.notPassed', { count: blockers }),
    };
  }
  return (
    <Box display="flex" gridGap={16} mb={1} alignItems="center">
      <StatusLabel {...verdict} />
      <Typography variant="body2" color="textSecondary">
        <RelativeTime at={checkedAt} />
      </Typography>
    </Box>
  );
}
