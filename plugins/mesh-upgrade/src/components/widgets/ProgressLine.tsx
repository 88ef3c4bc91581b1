import Box from '@material-ui/core/Box';
import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';

/** How much of something is done, as a bar and in numbers. */
export function ProgressLine(props: {
  label: string;
  done: number;
  total: number;
}) {
  const { label, done, total } = props;
  const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
  return (
    <Box display="flex" alignItems="center" gridGap={8} width="100%">
      <Box flexGrow={1}>
        <LinearProgress
          variant="determinate"
          value={percent}
          aria-label={label}
        />
      </Box>
      <Typography variant="caption" noWrap>
        {`${done}/${total}`}
      </Typography>
    </Box>
  );
}
