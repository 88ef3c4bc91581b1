import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import { useMessages } from '../../hooks';
import { sidecarsRouteRef } from '../../routes';
import { selectionFromQuery } from '../sidecars/selectionAddress';
import { Invitation } from '../widgets';
import { EnvironmentStep } from './EnvironmentStep';
import { SidecarPlanSteps } from './SidecarPlanSteps';
import { useWizardAddress } from './useWizardAddress';
import { WizardFrame } from './WizardFrame';
import { WizardRun } from './WizardRun';

const ORDER = ['environment', 'target', 'execute'] as const;

/** Environment check → Select target version → Upgrade, for the workloads of the address. */
export function SidecarUpgradeWizard() {
  const t = useMessages();
  const { params, run, step, consents, retryOf, go, enter } =
    useWizardAddress('environment');
  const sidecarsLink = useRouteRef(sidecarsRouteRef);
  const workloads = selectionFromQuery(params);

  if (!run && workloads.length === 0) {
    return (
      <Invitation title={t('wizard.noSelection')} text={t('selection.empty')}>
        <Box textAlign="center">
          <LinkButton to={sidecarsLink()} variant="outlined" color="primary">
            {t('page.sidecars')}
          </LinkButton>
        </Box>
      </Invitation>
    );
  }
  return (
    <WizardFrame
      title={t('selection.upgrade')}
      steps={[
        t('wizard.sidecarEnvironment'),
        t('wizard.target'),
        t('wizard.upgrade'),
      ]}
      active={ORDER.indexOf(step)}
    >
      {run && <WizardRun runId={run} />}
      {!run && step === 'environment' && (
        <EnvironmentStep
          subject={{ kind: 'sidecars', workloads }}
          onNext={given => go('target', { consents: given })}
        />
      )}
      {!run && step !== 'environment' && (
        <SidecarPlanSteps
          step={step}
          workloads={workloads}
          options={{ consents, retryOf }}
          onStep={go}
          onStarted={enter}
        />
      )}
    </WizardFrame>
  );
}
