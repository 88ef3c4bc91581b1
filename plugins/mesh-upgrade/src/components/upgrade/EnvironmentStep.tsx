import { useState } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import {
  environmentObstacle,
  EnvironmentReport,
  HotUpgradeConditions,
  useEnvironmentCheck,
} from '../checks';
import { PlanPreview } from './PlanPreview';
import { WizardActions } from './WizardFrame';

/** Environment detection: asks for a check and lets nobody past what it found. */
export function EnvironmentStep(props: {
  subject: UpgradeSubject;
  onBack?(): void;
  /** Takes the ids of the findings consented to. */
  onNext(consents: string[]): void;
  onChoose?(version?: string): void;
}) {
  const { subject, onBack, onNext, onChoose } = props;
  const t = useMessages();
  const [consents, setConsents] = useState<ReadonlySet<string>>(new Set());
  const check = useEnvironmentCheck(subject);
  const { report, error } = check;

  function consent(ids: string[], given: boolean) {
    const next = new Set(consents);
    for (const id of ids) {
      if (given) {
        next.add(id);
      } else {
        next.delete(id);
      }
    }
    setConsents(next);
  }

  function recheck() {
    // What was seen before is no reason to agree to what is found now.
    setConsents(new Set());
    check.recheck();
  }

  let reason: string | undefined = t('environment.checking');
  if (error) {
    reason = t('environment.failed');
  } else if (report) {
    reason = environmentObstacle(report, subject, consents, t);
  }

  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {subject.kind === 'sidecars' && (
        <HotUpgradeConditions findings={check.findings} />
      )}
      <EnvironmentReport
        check={{ ...check, recheck }}
        consents={consents}
        onConsent={consent}
        onChoose={onChoose}
      />
      {report && (
        <Box>
          <PlanPreview subject={subject} />
        </Box>
      )}
      <WizardActions
        onBack={onBack}
        onNext={() => onNext([...consents])}
        reason={reason}
      >
        <Button onClick={recheck} disabled={!report && !error}>
          {t('environment.recheck')}
        </Button>
      </WizardActions>
    </Box>
  );
}
