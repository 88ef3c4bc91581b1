import Box from '@material-ui/core/Box';
import type { TargetVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { StatusLabel } from '../widgets';

/** The clusters whose Kubernetes does not fit a version, or may not. */
export function ClusterVerdicts(props: {
  clusters: TargetVersion['clusters'];
}) {
  const t = useMessages();
  return (
    <Box display="flex" flexWrap="wrap" gridGap={16}>
      {props.clusters.map(({ cluster, kubernetesVersion, verdict }) =>
        verdict === 'ok' ? null : (
          <StatusLabel
            key={cluster}
            tone={verdict === 'unknown' ? 'unknown' : 'warning'}
            text={t(`target.verdict.${verdict}`, {
              cluster,
              kubernetes: kubernetesVersion ?? t('unknown'),
            })}
          />
        ),
      )}
    </Box>
  );
}
