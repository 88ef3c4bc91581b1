import Alert from '@material-ui/lab/Alert';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { RunningUpgrade } from './RunningUpgrade';

/** Says on the page of a mesh that an upgrade holds it, and what that means for everybody else. */
export function LockedMesh(props: { mesh: MeshView }) {
  const { activeRun } = props.mesh;
  const t = useMessages();
  return activeRun ? (
    <Alert severity="info">
      {t('mesh.locked')}
      <RunningUpgrade run={activeRun} />
    </Alert>
  ) : null;
}
