import { useParams } from 'react-router-dom';
import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshRouteRef } from '../../routes';
import { Invitation } from '../widgets';
import { EnvironmentStep } from './EnvironmentStep';
import { StartStep } from './StartStep';
import { useStart, type StartOptions } from './useStart';
import { useWizardAddress } from './useWizardAddress';
import { WizardFrame } from './WizardFrame';
import { WizardRun } from './WizardRun';

/** Environment check → Removal, for the leftovers of the address. */
export function LeftoversWizard() {
  const { id = '' } = useParams();
  const t = useMessages();
  const meshLink = useRouteRef(meshRouteRef);
  const { params, run, step, consents, go, enter } =
    useWizardAddress('environment');
  const leftovers = [...new Set(params.getAll('leftover'))];
  const subject = { kind: 'leftovers' as const, meshId: id, leftovers };

  if (!run && leftovers.length === 0) {
    return (
      <Invitation title={t('leftovers.nothing')} text={t('leftovers.empty')}>
        <Box textAlign="center">
          <LinkButton
            to={`${meshLink({ id })}?tab=leftovers`}
            variant="outlined"
            color="primary"
          >
            {t('leftovers.title')}
          </LinkButton>
        </Box>
      </Invitation>
    );
  }
  return (
    <WizardFrame
      title={t('leftovers.wizard', { mesh: id })}
      steps={[t('wizard.sidecarEnvironment'), t('wizard.removal')]}
      active={step === 'execute' ? 1 : 0}
    >
      {run && <WizardRun runId={run} />}
      {!run && step !== 'execute' && (
        <EnvironmentStep
          subject={subject}
          onNext={given => go('execute', { consents: given })}
        />
      )}
      {!run && step === 'execute' && (
        <Removal
          subject={subject}
          options={{ consents }}
          onBack={() => go('environment')}
          onStarted={enter}
        />
      )}
    </WizardFrame>
  );
}

function Removal(props: {
  subject: Extract<UpgradeSubject, { kind: 'leftovers' }>;
  options: StartOptions;
  onBack(): void;
  onStarted(runId: string): void;
}) {
  const { subject, options, onBack, onStarted } = props;
  const t = useMessages();
  const start = useStart(subject, onStarted);
  const count = start.plan?.changes.length ?? subject.leftovers.length;
  return (
    <StartStep
      start={start}
      options={options}
      title={t('leftovers.plan', { count })}
      warning={t('leftovers.warning')}
      label={t('leftovers.remove', { count })}
      onBack={onBack}
    />
  );
}
