import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import { useMessages } from '../../hooks';
import { LongText, StatusLabel } from '../widgets';

/** The first Service and how many more there are: all of them on hover and on focus. */
export function ServiceNames(props: { names: string[] | undefined }) {
  const { names } = props;
  const t = useMessages();
  if (!names) {
    return (
      <StatusLabel
        tone="unknown"
        text={t('unknown')}
        detail={t('workload.servicesUnknown')}
      />
    );
  }
  const [first, ...others] = names;
  if (first === undefined) {
    return <>{t('none')}</>;
  }
  return (
    <>
      <LongText text={first} most={20} focusable />
      {others.length > 0 && (
        <>
          {' '}
          <Tooltip title={names.join(', ')}>
            <Typography component="span" variant="inherit" tabIndex={0}>
              {`+${others.length}`}
            </Typography>
          </Tooltip>
        </>
      )}
    </>
  );
}
