import type { ReactNode } from 'react';
import Checkbox from '@material-ui/core/Checkbox';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import Tooltip from '@material-ui/core/Tooltip';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';

/** A column of a {@link DataTable}. */
export interface Column<TRow> {
  id: string;
  title: string;
  /** What the title stands for, when that is not plain. */
  hint?: string;
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
  /** Why a row cannot be ticked. */
  obstacle?(key: string): string | undefined;
  allLabel: string;
  rowLabel(key: string): string;
}

/** A class for what a row shows only under the pointer or with the focus in it. */
export const REVEALED = 'mesh-upgrade-revealed';

/** A translucent colour on an opaque ground, so that nothing shows through what is pinned. */
function over(colour: string) {
  return { backgroundImage: `linear-gradient(${colour}, ${colour})` };
}

const useStyles = makeStyles(theme => ({
  container: {
    maxHeight: '70vh',
    backgroundColor: theme.palette.background.paper,
  },
  head: { background: theme.palette.background.paper, lineHeight: 1.3 },
  // The theme breaks within words, which makes narrow columns unreadable.
  cell: {
    padding: theme.spacing(0.75),
    fontSize: theme.typography.pxToRem(13),
    '& .MuiTypography-body2': { fontSize: 'inherit' },
    wordBreak: 'normal',
    overflowWrap: 'break-word',
    lineHeight: 1.4,
    borderBottom: `1px solid ${theme.palette.divider}`,
  },
  tick: { borderBottom: `1px solid ${theme.palette.divider}` },
  noWrap: { whiteSpace: 'nowrap' },
  dense: { padding: theme.spacing(0.25, 0.75), lineHeight: 1.25 },
  // What names the row stays in sight when the table is wider than the screen.
  pinned: {
    position: 'sticky',
    left: 0,
    zIndex: 1,
    backgroundColor: theme.palette.background.paper,
  },
  pinnedHead: { left: 0, zIndex: 3 },
  // The theme's stripes would show through what is pinned.
  row: {
    '&&, &&:nth-of-type(odd)': {
      backgroundColor: theme.palette.background.paper,
    },
    '&&:hover': { backgroundColor: theme.palette.action.hover },
    '&:hover $pinned': over(theme.palette.action.hover),
    '@media (hover: hover)': {
      [`&:not(:hover):not(:focus-within) .${REVEALED}`]: { opacity: 0 },
    },
  },
  selected: {
    '&&&, &&&:nth-of-type(odd)': {
      backgroundColor: theme.palette.action.selected,
    },
    '&& $pinned': over(theme.palette.action.selected),
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
  /** Less space between the lines. */
  dense?: boolean;
  /** Keeps the first column in sight when the table is wider than its place. */
  pinFirst?: boolean;
}) {
  const { label, columns, rows, rowKey, selection, sorting } = props;
  const { skeletonRows = 8, dense, pinFirst } = props;
  const classes = useStyles();
  const selectable = (rows ?? [])
    .map(rowKey)
    .filter(key => selection?.obstacle?.(key) === undefined);
  const allSelected =
    selection !== undefined &&
    selectable.length > 0 &&
    selectable.every(key => selection.has(key));
  const cellClass = (index: number, ...more: (string | false | undefined)[]) =>
    [
      classes.cell,
      dense && classes.dense,
      pinFirst && index === 0 && classes.pinned,
      ...more,
    ]
      .filter(Boolean)
      .join(' ');
  const someSelected =
    selection !== undefined &&
    (rows ?? []).some(row => selection.has(rowKey(row)));
  return (
    <TableContainer className={classes.container}>
      <Table stickyHeader size="small" aria-label={label} aria-busy={!rows}>
        <TableHead>
          <TableRow>
            {selection && (
              <TableCell
                padding="checkbox"
                className={`${classes.head} ${classes.tick}`}
              >
                <Checkbox
                  size="small"
                  color="primary"
                  checked={allSelected}
                  indeterminate={someSelected && !allSelected}
                  disabled={rows !== undefined && selectable.length === 0}
                  onChange={selection.toggleAll}
                  inputProps={{ 'aria-label': selection.allLabel }}
                />
              </TableCell>
            )}
            {columns.map((column, index) => (
              <TableCell
                key={column.id}
                className={cellClass(
                  index,
                  classes.head,
                  pinFirst && index === 0 && classes.pinnedHead,
                )}
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
                className={
                  selection?.has(key)
                    ? `${classes.row} ${classes.selected}`
                    : classes.row
                }
              >
                {selection && (
                  <TableCell padding="checkbox" className={classes.tick}>
                    <Checkbox
                      size="small"
                      color="primary"
                      checked={selection.has(key)}
                      disabled={selection.obstacle?.(key) !== undefined}
                      onChange={() => selection.toggle(key)}
                      inputProps={{ 'aria-label': selection.rowLabel(key) }}
                    />
                  </TableCell>
                )}
                {columns.map((column, index) => (
                  <TableCell
                    key={column.id}
                    className={cellClass(
                      index,
                      column.noWrap && classes.noWrap,
                    )}
                  >
                    {column.render(row)}
                  </TableCell>
                ))}
              </TableRow>
            );
          }) ??
            Array.from({ length: skeletonRows }, (_, line) => (
              <TableRow key={line} className={classes.row}>
                {selection && (
                  <TableCell padding="checkbox" className={classes.tick} />
                )}
                {columns.map((column, index) => (
                  <TableCell key={column.id} className={cellClass(index)}>
                    <Skeleton height={dense ? 20 : 40} />
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
  const title = column.hint ? (
    <Tooltip title={column.hint}>
      <span>{column.title}</span>
    </Tooltip>
  ) : (
    column.title
  );
  if (!column.sortKey || !sorting) {
    return <>{title}</>;
  }
  const direction = directionOf(column, sorting);
  return (
    <TableSortLabel
      active={direction !== false}
      hideSortIcon
      direction={direction || 'asc'}
      onClick={() => sorting.change(nextSort(column.sortKey, direction))}
    >
      {title}
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
