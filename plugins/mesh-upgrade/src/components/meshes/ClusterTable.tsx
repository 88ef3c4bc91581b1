import type {
  ClusterHealthState,
  MeshClusterView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { useFleet } from '../fleet';
import {
  ClampedText,
  CopyButton,
  DataTable,
  RelativeTime,
  REVEALED,
  StatusLabel,
  type Column,
  type Tone,
} from '../widgets';

const HEALTH_TONES: Record<ClusterHealthState, Tone> = {
  healthy: 'good',
  connecting: 'waiting',
  unreachable: 'unknown',
  unauthorized: 'bad',
  forbidden: 'bad',
  misconfigured: 'bad',
};

/** The clusters of a mesh: where its control plane is, how old what is known of it is, and what may be done there. */
export function ClusterTable(props: { clusters: MeshClusterView[] }) {
  const t = useMessages();
  const fleet = useFleet();
  const seenAt = (name: string) =>
    fleet.clusters.value?.find(cluster => cluster.name === name)?.observedAt;
  const columns: Column<MeshClusterView>[] = [
    {
      id: 'cluster',
      title: t('column.cluster'),
      noWrap: true,
      render: ({ cluster }) => (
        <>
          {cluster}
          <CopyButton text={cluster} className={REVEALED} />
        </>
      ),
    },
    {
      id: 'role',
      title: t('column.role'),
      render: ({ role, controlPlanes }) =>
        role === 'primary' && controlPlanes.length > 1
          ? t('mesh.role.several', { count: controlPlanes.length })
          : t(`mesh.role.${role}`),
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
          {health.reason && <ClampedText text={health.reason} />}
        </>
      ),
    },
    {
      id: 'seen',
      title: t('column.seen'),
      noWrap: true,
      render: ({ cluster }) => {
        const at = seenAt(cluster);
        return at ? <RelativeTime at={at} /> : t('unknown');
      },
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
