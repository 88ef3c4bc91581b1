import Typography from '@material-ui/core/Typography';
import type {
  ClusterHealthState,
  MeshClusterView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { DataTable, StatusLabel, type Column, type Tone } from '../widgets';

const HEALTH_TONES: Record<ClusterHealthState, Tone> = {
  healthy: 'good',
  connecting: 'waiting',
  unreachable: 'unknown',
  unauthorized: 'bad',
  forbidden: 'bad',
  misconfigured: 'bad',
};

/** The clusters of a mesh, with what may be done on each. */
export function ClusterTable(props: { clusters: MeshClusterView[] }) {
  const t = useMessages();
  const columns: Column<MeshClusterView>[] = [
    {
      id: 'cluster',
      title: t('column.cluster'),
      noWrap: true,
      render: ({ cluster }) => cluster,
    },
    {
      id: 'health',
      title: t('column.health'),
      render: ({ health }) => (
        <>
          <StatusLabel
            tone={HEALTH_TONES[health.state]}
            text={t(`clusters.state.${health.state}`)}
          />
          {health.reason && (
            <Typography variant="body2">{health.reason}</Typography>
          )}
        </>
      ),
    },
    {
      id: 'kubernetes',
      title: t('column.kubernetes'),
      render: cluster => cluster.kubernetesVersion ?? t('unknown'),
    },
    {
      id: 'mode',
      title: t('column.mode'),
      render: ({ mode }) => t(`clusters.mode.${mode}`),
    },
  ];
  return (
    <DataTable
      label={t('mesh.clusters')}
      columns={columns}
      rows={props.clusters}
      rowKey={({ cluster }) => cluster}
    />
  );
}
