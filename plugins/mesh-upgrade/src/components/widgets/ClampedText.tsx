import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  text: {
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 2,
    overflow: 'hidden',
    overflowWrap: 'anywhere',
    marginBottom: theme.spacing(0.5),
  },
}));

/** At most two lines of what a server said; all of it on hover and focus. */
export function ClampedText(props: { text: string }) {
  const classes = useStyles();
  return (
    <Tooltip title={props.text}>
      <Typography variant="body2" className={classes.text} tabIndex={0}>
        {props.text}
      </Typography>
    </Tooltip>
  );
}
