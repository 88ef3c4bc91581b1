import type { ReactNode } from 'react';
import Checkbox from '@material-ui/core/Checkbox';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';

/** A column of a {@link DataTable}. */
export interface Column<TRow> {
  id: string;
  title: string;
  render(row: TRow): ReactNode;
  /** A CSS width; the rest is shared. */
  width?: number | string;
  noWrap?: boolean;
  /** What a sort by this column is called; without it the header cannot be clicked. */
  sortKey?: string;
}

/** The order of the rows, made by whoever supplies them. */
export interface Sorting {
  /** The `sortKey` of a column, after a dash when reversed; undefined is the order that nobody chose. */
  value?: string;
  change(value: string | undefined): void;
}

/** What is ticked, and what ticking does. */
export interface Selection {
  has(key: string): boolean;
  toggle(key: string): void;
  /** All of the rows shown, or none when all of them are selected already. */
  toggleAll(): void;
  allLabel: string;
  rowLabel(key: string): string;
}

const useStyles = makeStyles(theme => ({
  container: { maxHeight: '70vh' },
  head: { background: theme.palette.background.paper, lineHeight: 1.3 },
  // The theme breaks within words, which makes narrow columns unreadable.
  cell: {
    padding: theme.spacing(0.75, 1),
    wordBreak: 'normal',
    overflowWrap: 'break-word',
    lineHeight: 1.4,
  },
  noWrap: { whiteSpace: 'nowrap' },
  // Stronger than the stripes of the theme.
  selected: {
    '&&, &&:nth-of-type(odd)': {
      backgroundColor: theme.palette.action.selected,
    },
  },
}));

/** A table with a sticky header whose rows keep their places while their cells change. */
export function DataTable<TRow>(props: {
  /** Says to a screen reader what the table holds. */
  label: string;
  columns: Column<TRow>[];
  /** Undefined while loading: as many grey rows as `skeletonRows` are shown. */
  rows?: TRow[];
  rowKey(row: TRow): string;
  selection?: Selection;
  sorting?: Sorting;
  skeletonRows?: number;
}) {
  const { label, columns, rows, rowKey, selection, sorting } = props;
  const { skeletonRows = 8 } = props;
  const classes = useStyles();
  const allSelected =
    selection !== undefined &&
    rows !== undefined &&
    rows.length > 0 &&
    rows.every(row => selection.has(rowKey(row)));
  const someSelected =
    selection !== undefined &&
    (rows ?? []).some(row => selection.has(rowKey(row)));
  return (
    <TableContainer className={classes.container}>
      <Table stickyHeader size="small" aria-label={label} aria-busy={!rows}>
        <TableHead>
          <TableRow>
            {selection && (
              <TableCell padding="checkbox" className={classes.head}>
                <Checkbox
                  size="small"
                  color="primary"
                  checked={allSelected}
                  indeterminate={someSelected && !allSelected}
                  onChange={selection.toggleAll}
                  inputProps={{ 'aria-label': selection.allLabel }}
                />
              </TableCell>
            )}
            {columns.map(column => (
              <TableCell
                key={column.id}
                className={`${classes.head} ${classes.cell}`}
                style={{ width: column.width }}
                sortDirection={directionOf(column, sorting)}
              >
                <ColumnTitle column={column} sorting={sorting} />
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows?.map(row => {
            const key = rowKey(row);
            return (
              <TableRow
                key={key}
                hover
                className={selection?.has(key) ? classes.selected : undefined}
              >
                {selection && (
                  <TableCell padding="checkbox">
                    <Checkbox
                      size="small"
                      color="primary"
                      checked={selection.has(key)}
                      onChange={() => selection.toggle(key)}
                      inputProps={{ 'aria-label': selection.rowLabel(key) }}
                    />
                  </TableCell>
                )}
                {columns.map(column => (
                  <TableCell
                    key={column.id}
                    className={
                      column.noWrap
                        ? `${classes.cell} ${classes.noWrap}`
                        : classes.cell
                    }
                  >
                    {column.render(row)}
                  </TableCell>
                ))}
              </TableRow>
            );
          }) ??
            Array.from({ length: skeletonRows }, (_, index) => (
              <TableRow key={index}>
                {selection && <TableCell padding="checkbox" />}
                {columns.map(column => (
                  <TableCell key={column.id} className={classes.cell}>
                    <Skeleton height={24} />
                  </TableCell>
                ))}
              </TableRow>
            ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function ColumnTitle<TRow>(props: {
  column: Column<TRow>;
  sorting: Sorting | undefined;
}) {
  const { column, sorting } = props;
  if (!column.sortKey || !sorting) {
    return <>{column.title}</>;
  }
  const direction = directionOf(column, sorting);
  return (
    <TableSortLabel
      active={direction !== false}
      hideSortIcon
      direction={direction || 'asc'}
      onClick={() => sorting.change(nextSort(column.sortKey, direction))}
    >
      {column.title}
    </TableSortLabel>
  );
}

function directionOf<TRow>(
  { sortKey }: Column<TRow>,
  sorting: Sorting | undefined,
): 'asc' | 'desc' | false {
  if (!sortKey || !sorting) {
    return false;
  }
  if (sorting.value === sortKey) {
    return 'asc';
  }
  return sorting.value === `-${sortKey}` ? 'desc' : false;
}

/** The third click on a header gives the rows their own order back. */
function nextSort(
  key: string | undefined,
  direction: 'asc' | 'desc' | false,
): string | undefined {
  if (direction === 'desc') {
    return undefined;
  }
  return direction === 'asc' ? `-${key}` : key;
}
