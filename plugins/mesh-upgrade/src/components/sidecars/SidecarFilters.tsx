import Box from '@material-ui/core/Box';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Switch from '@material-ui/core/Switch';
import useAsync from 'react-use/lib/useAsync';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  InjectionStatus,
  WorkloadFacetKey,
  WorkloadFacets,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { FilterSelect, SearchField } from '../widgets';
import { useWorkloadFilters, type WorkloadScope } from './useWorkloadFilters';

/** Search and filters of the workload table, kept in the address; each choice tells how many workloads it gives. */
export function SidecarFilters(props: {
  scope: WorkloadScope;
  /** Undefined until the list has come. */
  facets?: WorkloadFacets;
}) {
  const { scope, facets } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const { query, change } = useWorkloadFilters(scope);
  // A reader may see workloads without being allowed to see meshes; then a mesh is called by its id.
  const { value: meshes } = useAsync(() => api.listMeshes(), [api]);

  const filters: {
    key: WorkloadFacetKey;
    label: string;
    nameOf?(value: string): string;
  }[] = [
    {
      key: 'mesh',
      label: t('column.mesh'),
      nameOf: value => meshes?.find(({ id }) => id === value)?.name ?? value,
    },
    { key: 'cluster', label: t('column.cluster') },
    { key: 'namespace', label: t('column.namespace') },
    { key: 'kind', label: t('column.kind') },
    {
      key: 'status',
      label: t('column.status'),
      nameOf: value => t(`workload.status.${value as InjectionStatus}`),
    },
    {
      key: 'version',
      label: t('filter.version'),
      nameOf: value => (value === 'unknown' ? t('unknown') : value),
    },
  ];

  return (
    <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8}>
      <SearchField
        label={t('filter.searchWorkloads')}
        value={query.text ?? ''}
        onChange={text => change({ text })}
      />
      {filters.map(({ key, label, nameOf = same }) => (
        <FilterSelect
          key={key}
          label={label}
          allLabel={t('filter.all')}
          value={query[key]?.[0] ?? ''}
          options={withChosen(facets?.[key], query[key]?.[0]).map(
            ({ value, count }) => ({
              value,
              label: facets
                ? t('filter.counted', {
                    value: nameOf(value),
                    workloads: `${count}`,
                  })
                : nameOf(value),
            }),
          )}
          onChange={value => change({ [key]: value })}
        />
      ))}
      <FormControlLabel
        label={t('filter.outdated')}
        control={
          <Switch
            size="small"
            color="primary"
            checked={query.outdated === true}
            onChange={(_, checked) =>
              change({ outdated: checked ? 'true' : undefined })
            }
          />
        }
      />
    </Box>
  );
}

function same(value: string): string {
  return value;
}

/** What is chosen stays visible even when nothing matches it any more. */
function withChosen(
  facet: { value: string; count: number }[] = [],
  chosen: string | undefined,
) {
  return chosen === undefined || facet.some(({ value }) => value === chosen)
    ? facet
    : [...facet, { value: chosen, count: 0 }];
}
