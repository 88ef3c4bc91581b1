import type { SupportView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { DateTime } from 'luxon';
import { useLanguage, useMessages } from '../../hooks';
import { StatusLabel } from './StatusLabel';

/** Until when a version gets fixes, and how many days that is. */
export function SupportLabel(props: { support: SupportView }) {
  const { state, until, estimated } = props.support;
  const t = useMessages();
  const locale = useLanguage();
  const end = until ? DateTime.fromISO(until) : undefined;
  const date = end?.setLocale(locale).toLocaleString(DateTime.DATE_MED) ?? '';
  const count = end ? Math.max(0, Math.ceil(end.diffNow('days').days)) : 0;
  const detail = estimated ? t('support.estimated') : undefined;
  switch (state) {
    case 'supported':
      return (
        <StatusLabel
          tone="good"
          text={end ? t('support.until', { date, count }) : t('support.yes')}
          detail={detail}
        />
      );
    case 'endingSoon':
      return (
        <StatusLabel
          tone="warning"
          text={end ? t('support.until', { date, count }) : t('support.soon')}
          detail={detail}
        />
      );
    case 'ended':
      return (
        <StatusLabel
          tone="bad"
          text={t('support.ended')}
          detail={end ? t('support.endedOn', { date }) : undefined}
        />
      );
    default:
      return <StatusLabel tone="unknown" text={t('support.unknown')} />;
  }
}
