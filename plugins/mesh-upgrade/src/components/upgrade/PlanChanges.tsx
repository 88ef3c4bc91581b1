import type {
  PlannedChange,
  UpgradePlan,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { DataTable, type Column } from '../widgets';
import { PlanExport } from './PlanExport';

/** The objects a plan changes, before and after. */
export function PlanChanges(props: { plan?: UpgradePlan }) {
  const t = useMessages();
  const columns: Column<PlannedChange>[] = [
    {
      id: 'object',
      title: t('column.object'),
      render: ({ object }) => object,
    },
    {
      id: 'cluster',
      title: t('column.cluster'),
      noWrap: true,
      render: ({ cluster }) => cluster,
    },
    {
      id: 'change',
      title: t('column.change'),
      render: ({ before, after }) => `${before} → ${after}`,
    },
    {
      id: 'effect',
      title: t('column.effect'),
      render: ({ effect }) => effect,
    },
  ];
  const { plan } = props;
  return (
    <>
      <DataTable
        label={t('plan.changes')}
        columns={columns}
        rows={plan?.changes}
        rowKey={({ cluster, object }) => `${cluster} ${object}`}
        skeletonRows={3}
      />
      {plan && <PlanExport plan={plan} />}
    </>
  );
}
