import type { ReactNode } from 'react';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';

/** An empty place that tells what would be here and how to get it there. */
export function Invitation(props: {
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <Box py={6} px={2} textAlign="center" role="status">
      <Typography variant="h5" component="h2" gutterBottom>
        {props.title}
      </Typography>
      {props.text && (
        <Typography color="textSecondary" paragraph>
          {props.text}
        </Typography>
      )}
      {props.children && (
        <Box textAlign="left" maxWidth={720} mx="auto">
          {props.children}
        </Box>
      )}
    </Box>
  );
}
