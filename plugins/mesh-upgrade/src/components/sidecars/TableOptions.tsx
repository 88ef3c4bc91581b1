import { useState } from 'react';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import Divider from '@material-ui/core/Divider';
import ListItemText from '@material-ui/core/ListItemText';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import ViewColumn from '@material-ui/icons/ViewColumn';
import { useMessages } from '../../hooks';
import type { useTableLook } from './useTableLook';
import { columnTitle, COLUMN_IDS } from './workloadColumns';

/** Which columns are shown and how close the rows are. */
export function TableOptions(props: { look: ReturnType<typeof useTableLook> }) {
  const { columns, toggle, dense, setDense } = props.look;
  const t = useMessages();
  const [anchor, setAnchor] = useState<Element>();
  return (
    <>
      <Button
        size="small"
        startIcon={<ViewColumn />}
        aria-haspopup="menu"
        onClick={event => setAnchor(event.currentTarget)}
      >
        {t('table.columns')}
      </Button>
      <Menu
        open={anchor !== undefined}
        anchorEl={anchor}
        onClose={() => setAnchor(undefined)}
        MenuListProps={{ dense: true, 'aria-label': t('table.columns') }}
      >
        {COLUMN_IDS.map(id => {
          const shown = columns.includes(id);
          return (
            <MenuItem
              key={id}
              role="menuitemcheckbox"
              aria-checked={shown}
              // A row without its name would be of no use.
              disabled={id === 'workload'}
              onClick={() => toggle(id)}
            >
              <Tick checked={shown} />
              <ListItemText primary={columnTitle(id, t)} />
            </MenuItem>
          );
        })}
        <Divider />
        <MenuItem
          role="menuitemcheckbox"
          aria-checked={dense}
          onClick={() => setDense(!dense)}
        >
          <Tick checked={dense} />
          <ListItemText primary={t('table.dense')} />
        </MenuItem>
      </Menu>
    </>
  );
}

function Tick(props: { checked: boolean }) {
  return (
    <Checkbox
      checked={props.checked}
      edge="start"
      size="small"
      color="primary"
      tabIndex={-1}
      disableRipple
      inputProps={{ 'aria-hidden': true }}
    />
  );
}
