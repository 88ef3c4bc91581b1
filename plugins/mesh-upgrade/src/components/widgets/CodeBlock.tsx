import Box from '@material-ui/core/Box';
import { makeStyles } from '@material-ui/core/styles';
import { CopyButton } from './CopyButton';

const useStyles = makeStyles(theme => ({
  block: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    margin: theme.spacing(1, 0),
    padding: theme.spacing(1, 1, 1, 2),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    background: theme.palette.background.default,
    color: theme.palette.text.primary,
  },
  text: {
    flexGrow: 1,
    minWidth: 0,
    margin: 0,
    overflowX: 'auto',
    fontFamily: 'monospace',
    fontSize: theme.typography.pxToRem(13),
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}));

/** What a machine reads, such as commands, as it is and ready to be copied. */
export function CodeBlock(props: { text: string }) {
  const classes = useStyles();
  return (
    <Box className={classes.block}>
      <pre className={classes.text}>{props.text}</pre>
      <CopyButton text={props.text} />
    </Box>
  );
}
