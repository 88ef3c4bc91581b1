import { useState } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import type {
  InjectionStatus,
  WorkloadFacetKey,
  WorkloadFacets,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import { LongText } from '../widgets';
import { useWorkloadFilters, type WorkloadScope } from './useWorkloadFilters';

/** More values than this are folded away. */
const FEW = 6;

const useStyles = makeStyles(theme => ({
  facet: { border: 0, margin: 0, padding: 0, minWidth: 0 },
  title: {
    ...theme.typography.subtitle2,
    padding: 0,
    marginBottom: theme.spacing(0.5),
  },
  values: { maxHeight: 320, overflowY: 'auto' },
  value: { display: 'flex', width: '100%', margin: 0 },
  label: { flexGrow: 1, minWidth: 0 },
  tick: { padding: theme.spacing(0.25), marginRight: theme.spacing(0.5) },
}));

/** The filters of the workload table, several values of each at once; every value tells how many workloads it gives. */
export function FacetPanel(props: {
  scope: WorkloadScope;
  /** Undefined until the list has come. */
  facets?: WorkloadFacets;
  /** The list is on its way. */
  loading: boolean;
  meshName(id: string): string;
}) {
  const { scope, facets, loading, meshName } = props;
  const t = useMessages();
  const { query, chosen, change, clear } = useWorkloadFilters(scope);
  const keys: WorkloadFacetKey[] = [
    'status',
    'version',
    'mesh',
    'cluster',
    'namespace',
    'kind',
  ];
  return (
    <Box
      component="section"
      aria-label={t('filter.title')}
      display="flex"
      flexDirection="column"
      gridGap={16}
    >
      <Choice
        label={t('filter.outdated')}
        checked={query.outdated === true}
        onToggle={on => change({ outdated: on ? 'true' : undefined })}
      />
      {keys
        .filter(key => !(key in scope))
        .map(key => (
          <Facet
            key={key}
            title={facetTitle(key, t)}
            loading={loading}
            values={withChosen(facets?.[key], query[key])}
            chosen={query[key] ?? []}
            nameOf={value => valueName(key, value, meshName, t)}
            onChange={values => change({ [key]: values })}
          />
        ))}
      {chosen > 0 && (
        <Box>
          <Button size="small" onClick={clear}>
            {t('filter.clear')}
          </Button>
        </Box>
      )}
    </Box>
  );
}

function Facet(props: {
  title: string;
  loading: boolean;
  values: { value: string; count: number }[];
  chosen: string[];
  nameOf(value: string): string;
  onChange(values: string[]): void;
}) {
  const { title, loading, values, chosen, nameOf, onChange } = props;
  const t = useMessages();
  const classes = useStyles();
  const [all, setAll] = useState(false);
  if (loading) {
    return (
      <Box aria-hidden>
        <Typography variant="subtitle2">{title}</Typography>
        <Skeleton height={24} />
        <Skeleton height={24} />
        <Skeleton height={24} />
      </Box>
    );
  }
  if (values.length === 0) {
    return null;
  }
  const shown =
    all || values.length <= FEW + 1
      ? values
      : values.filter(
          ({ value }, index) => index < FEW || chosen.includes(value),
        );
  return (
    <fieldset className={classes.facet}>
      <legend className={classes.title}>{title}</legend>
      <div className={classes.values}>
        {shown.map(({ value, count }) => (
          <Choice
            key={value}
            label={nameOf(value)}
            count={count}
            checked={chosen.includes(value)}
            onToggle={on =>
              onChange(
                on ? [...chosen, value] : chosen.filter(one => one !== value),
              )
            }
          />
        ))}
      </div>
      {(shown.length < values.length || all) && (
        <Button size="small" onClick={() => setAll(!all)}>
          {all
            ? t('filter.fewer')
            : t('filter.more', { count: values.length - shown.length })}
        </Button>
      )}
    </fieldset>
  );
}

function Choice(props: {
  label: string;
  count?: number;
  checked: boolean;
  onToggle(on: boolean): void;
}) {
  const { label, count, checked, onToggle } = props;
  const t = useMessages();
  const classes = useStyles();
  return (
    <FormControlLabel
      className={classes.value}
      classes={{ label: classes.label }}
      control={
        <Checkbox
          size="small"
          color="primary"
          className={classes.tick}
          checked={checked}
          onChange={(_, on) => onToggle(on)}
          inputProps={{
            'aria-label':
              count === undefined
                ? label
                : t('filter.counted', { value: label, workloads: `${count}` }),
          }}
        />
      }
      label={
        <Box display="flex" justifyContent="space-between" gridGap={4}>
          <Typography variant="body2" noWrap>
            <LongText text={label} most={20} />
          </Typography>
          {count !== undefined && (
            <Typography variant="body2" color="textSecondary">
              {count}
            </Typography>
          )}
        </Box>
      }
    />
  );
}

function facetTitle(key: WorkloadFacetKey, t: Messages): string {
  return key === 'version' ? t('filter.version') : t(`column.${key}`);
}

function valueName(
  key: WorkloadFacetKey,
  value: string,
  meshName: (id: string) => string,
  t: Messages,
): string {
  switch (key) {
    case 'mesh':
      return meshName(value);
    case 'status':
      return t(`workload.status.${value as InjectionStatus}`);
    case 'version':
      return value === 'unknown' ? t('unknown') : value;
    default:
      return value;
  }
}

/** What is chosen stays visible even when nothing matches it any more. */
function withChosen(
  facet: { value: string; count: number }[] = [],
  chosen: string[] = [],
) {
  const known = new Set(facet.map(({ value }) => value));
  return [
    ...facet,
    ...chosen
      .filter(value => !known.has(value))
      .map(value => ({ value, count: 0 })),
  ];
}
