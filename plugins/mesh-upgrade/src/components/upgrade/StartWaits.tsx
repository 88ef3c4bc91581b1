import Alert from '@material-ui/lab/Alert';
import type { RunWait } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useLanguage, useMessages } from '../../hooks';
import { momentText } from '../widgets';

/** Says before the start whom or what the upgrade will wait for. */
export function StartWaits(props: { waits?: RunWait[] }) {
  const t = useMessages();
  const locale = useLanguage();
  return (
    <>
      {props.waits?.map(({ kind, until, message }) => (
        <Alert key={kind} severity="info">
          {until
            ? t(`start.waits.${kind}Until`, {
                time: momentText(until, locale),
              })
            : t(`start.waits.${kind}`)}{' '}
          {kind !== 'approval' && message}
        </Alert>
      ))}
    </>
  );
}
