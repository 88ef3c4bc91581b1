import { useParams } from 'react-router-dom';
import { useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  meshUpgradePermission,
  type MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive, useMessages } from '../../hooks';
import { RunningUpgrade } from '../meshes/RunningUpgrade';
import { changeObstacle, upgradeObstacle } from '../meshes/meshSituation';
import { FailurePanel } from '../widgets';
import { EnvironmentStep } from './EnvironmentStep';
import { MeshExecuteStep } from './MeshExecuteStep';
import { TargetVersionStep } from './TargetVersionStep';
import { useWizardAddress, type WizardStep } from './useWizardAddress';
import { WizardFrame } from './WizardFrame';
import { WizardRun } from './WizardRun';

const UPGRADE = ['target', 'environment', 'execute'] as const;
const RETURN = ['environment', 'execute'] as const;

/**
 * Select target version → Environment detection → Execute upgrade; the last
 * step is the run. A return has no version to select: it is the former one.
 */
export function MeshUpgradeWizard() {
  const { id = '' } = useParams();
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const { run, step, version, returnOf } = useWizardAddress('target');
  const mesh = useLive(id, () => api.getMesh(id), 5_000);
  const name = mesh.value?.name ?? id;
  const shown = !run && !version ? 'target' : step;
  const steps: readonly WizardStep[] = returnOf ? RETURN : UPGRADE;
  return (
    <WizardFrame
      title={
        returnOf
          ? t('return.title', { mesh: name, target: version ?? '' })
          : t('wizard.meshTitle', { mesh: name })
      }
      steps={steps.map(one =>
        returnOf && one === 'execute' ? t('wizard.return') : t(`wizard.${one}`),
      )}
      active={Math.max(0, steps.indexOf(shown))}
    >
      {run && <WizardRun runId={run} />}
      {!run && mesh.error && (
        <FailurePanel
          title={t('mesh.failed', { name: id })}
          error={mesh.error}
          onRetry={mesh.refresh}
        />
      )}
      {!run && mesh.loading && <Skeleton variant="rect" height={320} />}
      {!run && mesh.value && <Steps mesh={mesh.value} />}
    </WizardFrame>
  );
}

function Steps(props: { mesh: MeshView }) {
  const { mesh } = props;
  const t = useMessages();
  const { step, version, consents, retryOf, returnOf, choose, go, enter } =
    useWizardAddress('target');
  const { loading, allowed } = usePermission({
    permission: meshUpgradePermission,
  });
  const denied =
    !loading && !allowed
      ? t('denied', { permission: meshUpgradePermission.name })
      : undefined;
  const obstacle =
    denied ??
    // What is offered as an upgrade says nothing about ways back and second attempts.
    (returnOf || retryOf ? changeObstacle(mesh, t) : upgradeObstacle(mesh, t));

  if (mesh.activeRun) {
    return <RunningUpgrade run={mesh.activeRun} />;
  }
  if (!version || (step === 'target' && !returnOf)) {
    return (
      <TargetVersionStep
        mesh={mesh}
        version={version}
        obstacle={obstacle}
        onChoose={choose}
        onNext={chosen => go('environment', { version: chosen })}
      />
    );
  }
  const subject = {
    kind: 'mesh' as const,
    meshId: mesh.id,
    targetVersion: version,
    ...(returnOf && { returnOf }),
  };
  if (step !== 'execute') {
    return (
      <EnvironmentStep
        key={version}
        subject={subject}
        onBack={returnOf ? undefined : () => go('target')}
        onNext={given => go('execute', { consents: given })}
        onChoose={
          returnOf ? undefined : chosen => go('target', { version: chosen })
        }
      />
    );
  }
  return (
    <MeshExecuteStep
      mesh={mesh}
      subject={subject}
      options={{ consents, retryOf }}
      obstacle={obstacle}
      onBack={() => go('environment')}
      onStarted={enter}
    />
  );
}
