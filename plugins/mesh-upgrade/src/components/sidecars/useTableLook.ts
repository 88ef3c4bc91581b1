import useMediaQuery from '@material-ui/core/useMediaQuery';
import { usePreference } from '../../hooks';
import { COLUMN_IDS, type ColumnId } from './workloadColumns';

/** What a screen of usual width has no room for beside the filters. */
const WIDE_ONLY: readonly ColumnId[] = [
  'mesh',
  'services',
  'resources',
  'lastUpgrade',
];

/** Which columns the reader wants and how close the rows are; remembered. */
export function useTableLook() {
  const wide = useMediaQuery('(min-width: 1600px)');
  const [stored, setColumns] = usePreference<string[]>('sidecars.columns');
  const [dense, setDense] = usePreference<boolean>('sidecars.dense');
  const columns = COLUMN_IDS.filter(id =>
    stored ? stored.includes(id) : wide || !WIDE_ONLY.includes(id),
  );
  return {
    columns,
    /** Shows or hides a column. */
    toggle: (id: ColumnId) =>
      setColumns(
        COLUMN_IDS.filter(one =>
          one === id ? !columns.includes(one) : columns.includes(one),
        ),
      ),
    dense: dense === true,
    setDense,
  };
}
