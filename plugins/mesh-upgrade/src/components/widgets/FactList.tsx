import type { ReactNode } from 'react';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(110px, max-content) 1fr',
    gap: theme.spacing(0.75, 2),
    margin: 0,
  },
  name: { color: theme.palette.text.secondary },
  value: { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
}));

/** Names and what is known under each; facts without a value are left out. */
export function FactList(props: {
  facts: { name: string; value: ReactNode }[];
}) {
  const classes = useStyles();
  return (
    <Typography component="dl" variant="body2" className={classes.list}>
      {props.facts
        .filter(({ value }) => value !== undefined && value !== '')
        .map(({ name, value }) => [
          <dt key={name} className={classes.name}>
            {name}
          </dt>,
          <dd key={`${name} value`} className={classes.value}>
            {value}
          </dd>,
        ])}
    </Typography>
  );
}
