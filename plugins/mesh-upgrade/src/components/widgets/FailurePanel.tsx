import { useState } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import useCopyToClipboard from 'react-use/lib/useCopyToClipboard';
import { detailsOf, isForbidden, isNotFound, wordsOf } from '../../api/errors';
import { useMessages } from '../../hooks';

/** What failed, why in the server's own words, and what to do about it. */
export function FailurePanel(props: {
  /** What was tried, e.g. `Meshes could not be loaded`. */
  title: string;
  error: Error;
  onRetry?(): void;
}) {
  const { title, error, onRetry } = props;
  const t = useMessages();
  const [copied, setCopied] = useState(false);
  const [, copy] = useCopyToClipboard();
  const forbidden = isForbidden(error);
  let advice: string = t('failure.retryAdvice');
  if (forbidden) {
    advice = t('failure.forbiddenAdvice');
  } else if (isNotFound(error)) {
    advice = t('failure.notFoundAdvice');
  }
  return (
    <Alert
      severity={forbidden ? 'warning' : 'error'}
      action={
        <Box display="flex" whiteSpace="nowrap">
          {onRetry && (
            <Button color="inherit" size="small" onClick={onRetry}>
              {t('action.retry')}
            </Button>
          )}
          <Button
            color="inherit"
            size="small"
            onClick={() => {
              copy(`${title}\n${detailsOf(error)}`);
              setCopied(true);
            }}
          >
            {copied ? t('action.copied') : t('action.copyDetails')}
          </Button>
        </Box>
      }
    >
      <AlertTitle>{forbidden ? t('failure.forbidden') : title}</AlertTitle>
      {wordsOf(error)}
      <Box mt={1}>{advice}</Box>
    </Alert>
  );
}
