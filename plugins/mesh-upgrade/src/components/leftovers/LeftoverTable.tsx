import Typography from '@material-ui/core/Typography';
import type { LeftoverView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import {
  DataTable,
  StatusLabel,
  type Column,
  type Selection,
} from '../widgets';
import { leftoverName } from './leftoverWords';

/** What is left over, why it counts as that, and who still uses it. */
export function LeftoverTable(props: {
  leftovers: LeftoverView[];
  selected: ReadonlySet<string>;
  onSelect(ids: ReadonlySet<string>): void;
}) {
  const { leftovers, selected, onSelect } = props;
  const t = useMessages();
  const byId = new Map(leftovers.map(one => [one.id, one]));
  const removable = leftovers.filter(({ obstacle }) => !obstacle);
  const selection: Selection = {
    has: id => selected.has(id),
    toggle(id) {
      const next = new Set(selected);
      if (!next.delete(id)) {
        next.add(id);
      }
      onSelect(next);
    },
    toggleAll: () =>
      onSelect(
        new Set(
          removable.every(({ id }) => selected.has(id))
            ? []
            : removable.map(({ id }) => id),
        ),
      ),
    obstacle: id => byId.get(id)?.obstacle,
    allLabel: t('leftovers.selectAll'),
    rowLabel: id => t('selection.row', { id: nameOf(byId.get(id)) }),
  };
  const columns: Column<LeftoverView>[] = [
    {
      id: 'object',
      title: t('column.object'),
      width: '24%',
      render: ({ kind, namespace, name }) => (
        <>
          <Typography variant="body2" color="textSecondary">
            {kind}
          </Typography>
          {namespace ? `${namespace}/${name}` : name}
        </>
      ),
    },
    {
      id: 'cluster',
      title: t('column.cluster'),
      noWrap: true,
      render: ({ cluster }) => cluster,
    },
    {
      id: 'role',
      title: t('column.role'),
      render: ({ role }) => t(`leftovers.role.${role}`),
    },
    {
      id: 'revision',
      title: t('column.revision'),
      noWrap: true,
      render: ({ revision }) => revision ?? t('none'),
    },
    {
      id: 'reason',
      title: t('leftovers.why'),
      width: '22%',
      render: ({ reason }) => reason,
    },
    {
      id: 'usedBy',
      title: t('column.usedBy'),
      width: '26%',
      render: ({ usedBy }) =>
        usedBy.length > 0 ? (
          <StatusLabel tone="warning" text={<Users usedBy={usedBy} />} />
        ) : (
          t('leftovers.nobody')
        ),
    },
    {
      id: 'removal',
      title: t('leftovers.removal'),
      width: '12%',
      render: ({ obstacle, usedBy }) =>
        obstacle ? (
          <StatusLabel
            tone="stopped"
            // Who uses it stands beside this already.
            text={usedBy.length > 0 ? t('leftovers.inUse') : obstacle}
          />
        ) : (
          t('leftovers.possible')
        ),
    },
  ];
  return (
    <DataTable
      label={t('leftovers.title')}
      columns={columns}
      rows={leftovers}
      rowKey={({ id }) => id}
      selection={selection}
    />
  );
}

function Users(props: { usedBy: string[] }) {
  return (
    <>
      {props.usedBy.map(user => (
        <span key={user} style={{ display: 'block' }}>
          {user}
        </span>
      ))}
    </>
  );
}

function nameOf(leftover: LeftoverView | undefined): string {
  return leftover ? leftoverName(leftover) : '';
}
