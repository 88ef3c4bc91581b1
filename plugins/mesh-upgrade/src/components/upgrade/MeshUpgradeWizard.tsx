import { useParams } from 'react-router-dom';
import { useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  meshUpgradePermission,
  type MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive, useMessages } from '../../hooks';
import { RunningUpgrade } from '../meshes/RunningUpgrade';
import { upgradeObstacle } from '../meshes/meshSituation';
import { RunContent } from '../runs';
import { FailurePanel } from '../widgets';
import { EnvironmentStep } from './EnvironmentStep';
import { MeshExecuteStep } from './MeshExecuteStep';
import { TargetVersionStep } from './TargetVersionStep';
import { useWizardAddress } from './useWizardAddress';
import { WizardFrame } from './WizardFrame';

const ORDER = ['target', 'environment', 'execute'] as const;

/** Select target version → Environment detection → Execute upgrade; the last step is the run. */
export function MeshUpgradeWizard() {
  const { id = '' } = useParams();
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const { run, step, version } = useWizardAddress('target');
  const mesh = useLive(id, () => api.getMesh(id), 5_000);
  const shown = !run && !version ? 'target' : step;
  return (
    <WizardFrame
      title={t('wizard.meshTitle', { mesh: mesh.value?.name ?? id })}
      steps={[t('wizard.target'), t('wizard.environment'), t('wizard.execute')]}
      active={ORDER.indexOf(shown)}
    >
      {run && (
        <>
          <RunContent key={run} runId={run} />
          <Typography variant="body2" color="textSecondary">
            {t('wizard.mayClose')}
          </Typography>
        </>
      )}
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
  const { step, version, consents, choose, go, enter } =
    useWizardAddress('target');
  const { loading, allowed } = usePermission({
    permission: meshUpgradePermission,
  });
  const denied =
    !loading && !allowed
      ? t('denied', { permission: meshUpgradePermission.name })
      : undefined;
  const obstacle = denied ?? upgradeObstacle(mesh, t);

  if (mesh.activeRun) {
    return <RunningUpgrade run={mesh.activeRun} />;
  }
  if (!version || step === 'target') {
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
  if (step === 'environment') {
    return (
      <EnvironmentStep
        key={version}
        subject={{ kind: 'mesh', meshId: mesh.id, targetVersion: version }}
        onBack={() => go('target')}
        onNext={given => go('execute', { consents: given })}
        onChoose={chosen => go('target', { version: chosen })}
      />
    );
  }
  return (
    <MeshExecuteStep
      mesh={mesh}
      version={version}
      consents={consents}
      obstacle={obstacle}
      onBack={() => go('environment')}
      onStarted={enter}
    />
  );
}
