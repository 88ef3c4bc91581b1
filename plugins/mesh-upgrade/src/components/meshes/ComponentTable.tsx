import Typography from '@material-ui/core/Typography';
import type {
  MeshComponentView,
  MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import { ClusterName } from '../fleet';
import { DataTable, StatusLabel, type Column, type Tone } from '../widgets';

/** Every part of Istio that runs for a mesh, with its version. */
export function ComponentTable(props: { mesh: MeshView }) {
  const { mesh } = props;
  const t = useMessages();
  const columns: Column<MeshComponentView>[] = [
    {
      id: 'component',
      title: t('column.component'),
      render: component => (
        <>
          {`${component.namespace}/${component.name}`}
          <Typography variant="caption" color="textSecondary" display="block">
            {roleOf(component, mesh, t)}
          </Typography>
        </>
      ),
    },
    {
      id: 'cluster',
      title: t('column.cluster'),
      noWrap: true,
      render: ({ cluster }) => <ClusterName name={cluster} />,
    },
    {
      id: 'version',
      title: t('column.version'),
      render: ({ version, image, behind }) => (
        <>
          {version ?? image ?? t('unknown')}
          {behind && (
            <div>
              <StatusLabel
                tone="warning"
                text={t('mesh.behind', { version: behind })}
              />
            </div>
          )}
        </>
      ),
    },
    {
      id: 'ready',
      title: t('column.ready'),
      noWrap: true,
      render: component => (
        <StatusLabel
          tone={readyTone(component)}
          text={`${component.ready}/${component.desired}`}
        />
      ),
    },
    {
      id: 'problems',
      title: t('column.problems'),
      render: ({ problems }) =>
        problems.length > 0 ? problems.join('; ') : t('none'),
    },
  ];
  return (
    <DataTable
      label={t('mesh.components')}
      columns={columns}
      rows={mesh.components}
      rowKey={({ kind, cluster, namespace, name }) =>
        `${kind} ${cluster}/${namespace}/${name}`
      }
    />
  );
}

/** What a component is, and who brings it to another version. */
function roleOf(
  { kind, cluster, namespace, name, gateway }: MeshComponentView,
  mesh: MeshView,
  t: Messages,
): string {
  const plane = mesh.clusters
    .flatMap(({ controlPlanes }) => controlPlanes)
    .find(
      each =>
        kind === 'istiod' &&
        each.cluster === cluster &&
        each.namespace === namespace &&
        each.name === name,
    );
  return [
    t(`mesh.component.${kind}`),
    plane && t('mesh.revisionOf', { revision: plane.revision }),
    plane && t(`mesh.install.${plane.install.method}`),
    gateway?.class,
    gateway && t(`mesh.gateway.${gateway.origin}`),
  ]
    .filter(Boolean)
    .join(' · ');
}

function readyTone({ desired, ready }: MeshComponentView): Tone {
  if (desired === 0) {
    return 'stopped';
  }
  return ready < desired ? 'bad' : 'good';
}
