import Typography from '@material-ui/core/Typography';
import type {
  RevisionTagView,
  RevisionView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import { ClusterName } from '../fleet';
import { DataTable, StatusLabel, type Column } from '../widgets';

interface Row {
  name: string;
  /** What it is, when the name alone does not tell. */
  role?: string;
  cluster: string;
  version?: string;
  injects?: string;
  namespaces: number;
  workloads: number;
  note?: string;
  problem?: string;
}

/** The revisions of a mesh, each followed by its tags, and who uses them. */
export function RevisionTable(props: {
  revisions: RevisionView[];
  tags: RevisionTagView[];
}) {
  const t = useMessages();
  const rows = rowsOf(props.revisions, props.tags, t);
  const columns: Column<Row>[] = [
    {
      id: 'revision',
      title: t('column.revision'),
      render: ({ name, role }) => (
        <>
          {name}
          {role && (
            <Typography variant="caption" color="textSecondary" display="block">
              {role}
            </Typography>
          )}
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
      render: ({ version, injects }) => (
        <>
          {version ?? t('unknown')}
          {injects && injects !== version && (
            <Typography variant="caption" display="block">
              {t('mesh.injects', { version: injects })}
            </Typography>
          )}
        </>
      ),
    },
    {
      id: 'usedBy',
      title: t('column.usedBy'),
      render: row => usersOf(row, t),
    },
    {
      id: 'note',
      title: t('column.note'),
      render: ({ note, problem }) =>
        problem ? <StatusLabel tone="bad" text={problem} /> : note ?? t('none'),
    },
  ];
  return (
    <DataTable
      label={t('mesh.revisions')}
      columns={columns}
      rows={rows}
      // Names repeat when istiods of several namespaces share a revision.
      rowKey={row => `${rows.indexOf(row)} ${row.cluster} ${row.name}`}
    />
  );
}

function rowsOf(
  revisions: RevisionView[],
  tags: RevisionTagView[],
  t: Messages,
): Row[] {
  const tagRow = (tag: RevisionTagView): Row => ({
    ...tag,
    name: tag.tag,
    role: t('mesh.pointsTo', { revision: tag.revision }),
  });
  const listed = new Set<RevisionTagView>();
  const rows = revisions.flatMap(revision => {
    // Two revisions of one name, in two namespaces, would list a tag twice.
    const own = tags.filter(
      tag =>
        !listed.has(tag) &&
        tag.cluster === revision.cluster &&
        tag.revision === revision.revision &&
        revision.tags.includes(tag.tag),
    );
    own.forEach(tag => listed.add(tag));
    return [
      {
        ...revision,
        name: revision.revision,
        role: revision.isDefault ? t('mesh.defaultRevision') : undefined,
        note:
          [revision.note, revision.url].filter(Boolean).join('; ') || undefined,
      },
      ...own.map(tagRow),
    ];
  });
  // What is left points to a revision that does not exist.
  const dangling = tags.filter(tag => !listed.has(tag));
  return [...rows, ...dangling.map(tagRow)];
}

function usersOf({ namespaces, workloads }: Row, t: Messages): string {
  return namespaces + workloads === 0
    ? t('mesh.unused')
    : t('mesh.usedBy', {
        namespaces: t('mesh.namespaces', { count: namespaces }),
        workloads: t('mesh.workloads', { count: workloads }),
      });
}
