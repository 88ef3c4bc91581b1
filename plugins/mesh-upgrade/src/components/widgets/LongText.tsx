import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles({
  whole: {
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clip: 'rect(0 0 0 0)',
    whiteSpace: 'nowrap',
  },
});

/**
 * Leaves out the middle of a text of more than `most` characters: names that
 * start alike tell their difference at the end. All of it on hover, on focus
 * and to a screen reader.
 */
export function LongText(props: {
  text: string;
  most?: number;
  /** Only where the text is not part of something that can be focused anyway. */
  focusable?: boolean;
}) {
  const { text, most = 28, focusable } = props;
  const classes = useStyles();
  const short = shorten(text, most);
  if (short === text) {
    return <>{text}</>;
  }
  return (
    <Tooltip title={text}>
      <Typography
        component="span"
        variant="inherit"
        tabIndex={focusable ? 0 : undefined}
      >
        <span aria-hidden>{short}</span>
        <span className={classes.whole}>{text}</span>
      </Typography>
    </Tooltip>
  );
}

function shorten(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(-end)}`;
}
