import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type {
  InstallEvidence,
  MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { installText } from './meshSituation';

/** Who installed the mesh and what tells so; per control plane where they differ. */
export function Installation(props: { mesh: MeshView }) {
  const { install, clusters } = props.mesh;
  const t = useMessages();
  const planes = clusters.flatMap(({ controlPlanes }) => controlPlanes);
  const methods = new Set(planes.map(plane => plane.install.method));
  if (methods.size < 2) {
    return <Installer install={install} method={installText(props.mesh, t)} />;
  }
  return (
    <Box display="flex" flexDirection="column" gridGap={8}>
      {planes.map(plane => (
        <Installer
          key={`${plane.cluster}/${plane.namespace}/${plane.name}`}
          of={`${plane.cluster} ${plane.namespace}/${plane.name}`}
          install={plane.install}
          method={t(`mesh.install.${plane.install.method}`)}
        />
      ))}
    </Box>
  );
}

function Installer(props: {
  install: InstallEvidence;
  method: string;
  of?: string;
}) {
  const { install, method, of } = props;
  const { release } = install;
  const t = useMessages();
  const lines = [
    ...install.evidence,
    ...(release
      ? [
          t('mesh.release', {
            name: `${release.namespace}/${release.name}`,
            revision: `${release.revision}`,
            chart: `${release.chart} ${release.chartVersion}`,
          }),
          ...(release.pinned.length > 0
            ? [t('mesh.pinned', { values: release.pinned.join(', ') })]
            : []),
        ]
      : []),
  ];
  return (
    <Box>
      <Typography>{of ? `${of}: ${method}` : method}</Typography>
      {lines.map(line => (
        <Typography key={line} variant="body2" color="textSecondary">
          {line}
        </Typography>
      ))}
    </Box>
  );
}
