import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshRouteRef } from '../../routes';
import { DataTable, StatusLabel, SupportLabel, type Column } from '../widgets';
import { ClusterCount, ComponentsBehind, SidecarCount } from './MeshCounts';
import { MeshUpgradeButton } from './MeshUpgradeButton';
import { MeshVersion } from './MeshVersion';
import { VersionsProblem } from './VersionsProblem';
import { installText, meshStatusText, meshTone } from './meshSituation';

/** The same meshes as the cards, for many of them. */
export function MeshTable(props: { meshes: MeshView[] }) {
  const t = useMessages();
  const meshLink = useRouteRef(meshRouteRef);
  const columns: Column<MeshView>[] = [
    {
      id: 'name',
      title: t('column.mesh'),
      render: mesh => <Link to={meshLink({ id: mesh.id })}>{mesh.name}</Link>,
    },
    {
      id: 'status',
      title: t('column.status'),
      render: mesh => (
        <StatusLabel
          tone={meshTone(mesh)}
          text={meshStatusText(mesh, t)}
          detail={mesh.reasons.join(' ') || undefined}
        />
      ),
    },
    {
      id: 'version',
      title: t('column.version'),
      render: mesh => (
        <>
          <MeshVersion mesh={mesh} />
          <VersionsProblem mesh={mesh} />
          <ComponentsBehind mesh={mesh} />
        </>
      ),
    },
    {
      id: 'support',
      title: t('column.support'),
      render: mesh => <SupportLabel support={mesh.support} />,
    },
    {
      id: 'clusters',
      title: t('column.clusters'),
      render: mesh => <ClusterCount mesh={mesh} short />,
    },
    {
      id: 'sidecars',
      title: t('column.sidecars'),
      render: mesh => <SidecarCount mesh={mesh} short />,
    },
    {
      id: 'install',
      title: t('column.install'),
      render: mesh =>
        `${t(`mesh.type.${mesh.type}`)} · ${installText(mesh, t)}`,
    },
    {
      id: 'action',
      title: '',
      render: mesh => mesh.upgrade && <MeshUpgradeButton mesh={mesh} />,
    },
  ];
  return (
    <DataTable
      label={t('page.meshes')}
      columns={columns}
      rows={props.meshes}
      rowKey={mesh => mesh.id}
    />
  );
}
