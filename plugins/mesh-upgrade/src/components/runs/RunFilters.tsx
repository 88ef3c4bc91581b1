import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import type { RunSummary } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, useUserRef } from '../../hooks';
import { useFleet } from '../fleet';
import { FilterSelect } from '../widgets';
import { RUN_KINDS, RUN_STATES, type RunFilterState } from './useRunFilters';

/** Which upgrades are listed; kept in the address. */
export function RunFilters(props: {
  filters: RunFilterState;
  /** Those that are listed now: whoever started one can be chosen. */
  runs: RunSummary[];
  /** The list is of one mesh already. */
  ofMesh: boolean;
}) {
  const { filters, runs, ofMesh } = props;
  const t = useMessages();
  const people = usePeople(runs);
  const { meshes } = useFleet();
  const choice = (
    key: Parameters<RunFilterState['set']>[0],
    label: string,
    options: { value: string; label: string }[],
  ) => (
    <FilterSelect
      label={label}
      allLabel={t('filter.all')}
      value={filters.text(key)}
      options={options}
      onChange={value => filters.set(key, value)}
    />
  );
  const day = (key: 'since' | 'until', label: string) => (
    <TextField
      type="date"
      size="small"
      variant="outlined"
      label={label}
      value={filters.text(key)}
      onChange={event => filters.set(key, event.target.value)}
      InputLabelProps={{ shrink: true }}
      inputProps={{ 'aria-label': label }}
    />
  );
  return (
    <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8}>
      {choice(
        'kind',
        t('column.kind'),
        RUN_KINDS.map(value => ({ value, label: t(`runs.kind.${value}`) })),
      )}
      {choice(
        'state',
        t('column.status'),
        RUN_STATES.map(value => ({ value, label: t(`run.state.${value}`) })),
      )}
      {!ofMesh &&
        choice(
          'mesh',
          t('column.mesh'),
          (meshes.value ?? []).map(({ id, name }) => ({
            value: id,
            label: name,
          })),
        )}
      {choice('by', t('column.startedBy'), people)}
      {day('since', t('runs.since'))}
      {day('until', t('runs.until'))}
      {filters.chosen > 0 && (
        <Button size="small" onClick={filters.clear}>
          {t('filter.clear')}
        </Button>
      )}
    </Box>
  );
}

/** The reader, and whoever started one of the listed upgrades. */
function usePeople(runs: RunSummary[]): { value: string; label: string }[] {
  const t = useMessages();
  const own = useUserRef();
  const others = [...new Set(runs.map(({ startedBy }) => startedBy))]
    .filter(ref => ref !== own)
    .sort();
  return [
    ...(own ? [{ value: own, label: t('runs.byMe') }] : []),
    ...others.map(value => ({ value, label: value })),
  ];
}
