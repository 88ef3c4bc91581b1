import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import { fade, makeStyles } from '@material-ui/core/styles';
import type { PlannedChange } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { CopyButton } from '../widgets';
import { differenceLines, type DifferenceLine } from './differenceLines';

const SIGNS: Record<DifferenceLine['kind'], string> = {
  added: '+',
  removed: '−',
  same: ' ',
  gap: '⋮',
};

const useStyles = makeStyles(theme => ({
  frame: {
    maxHeight: 360,
    overflow: 'auto',
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.default,
  },
  table: {
    borderCollapse: 'collapse',
    minWidth: '100%',
    fontFamily: 'monospace',
    fontSize: theme.typography.pxToRem(12.5),
    lineHeight: 1.5,
    '& td': { padding: theme.spacing(0, 1) },
  },
  number: {
    color: theme.palette.text.secondary,
    textAlign: 'right',
    userSelect: 'none',
    width: 1,
  },
  sign: { width: 1, userSelect: 'none' },
  text: { whiteSpace: 'pre' },
  added: { background: fade(theme.palette.success.main, 0.18) },
  removed: { background: fade(theme.palette.error.main, 0.18) },
  same: {},
  gap: { color: theme.palette.text.secondary },
}));

/** The lines of an object that a plan changes, those that go and those that come. */
export function YamlDifference(props: {
  /** Names the object. */
  label: string;
  yaml: NonNullable<PlannedChange['yaml']>;
}) {
  const { label, yaml } = props;
  const classes = useStyles();
  const t = useMessages();
  const lines = differenceLines(yaml.before ?? '', yaml.after ?? '');
  if (lines.length === 0) {
    return <Typography variant="body2">{t('plan.yamlSame')}</Typography>;
  }
  const added = lines.filter(({ kind }) => kind === 'added').length;
  const removed = lines.filter(({ kind }) => kind === 'removed').length;
  return (
    <>
      <Box display="flex" alignItems="center">
        <Typography variant="body2" color="textSecondary">
          {yaml.before === undefined && t('plan.yamlCreated')}
          {yaml.after === undefined && t('plan.yamlRemoved')}
          {yaml.before !== undefined &&
            yaml.after !== undefined &&
            t('plan.yamlLines', { added: `${added}`, removed: `${removed}` })}
        </Typography>
        <CopyButton text={yaml.after ?? yaml.before ?? ''} />
      </Box>
      {/* What overflows is reached by the keyboard as well. */}
      <Box
        className={classes.frame}
        tabIndex={0}
        role="region"
        aria-label={t('plan.yamlOf', { object: label })}
      >
        <table className={classes.table}>
          <tbody>
            {lines.map(({ kind, text, before, after }, index) => (
              <tr key={index} className={classes[kind]}>
                <td className={classes.number}>{before}</td>
                <td className={classes.number}>{after}</td>
                <td className={classes.sign}>{SIGNS[kind]}</td>
                <td className={classes.text}>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Box>
    </>
  );
}
