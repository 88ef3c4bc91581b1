import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { StatusLabel } from '../widgets';

/** Says that it is not known whether there is a newer version; nothing when it is. */
export function VersionsProblem(props: {
  mesh: MeshView;
  /** With the reason beside it instead of on hover. */
  whole?: boolean;
}) {
  const { versionsProblem } = props.mesh;
  const t = useMessages();
  if (!versionsProblem) {
    return null;
  }
  const text = t('mesh.versionsProblem');
  return props.whole ? (
    <StatusLabel tone="unknown" text={`${text}: ${versionsProblem}`} />
  ) : (
    <StatusLabel tone="unknown" text={text} detail={versionsProblem} />
  );
}
