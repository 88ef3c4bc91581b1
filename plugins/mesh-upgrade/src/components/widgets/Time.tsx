import { useState } from 'react';
import Tooltip from '@material-ui/core/Tooltip';
import { DateTime } from 'luxon';
import useInterval from 'react-use/lib/useInterval';
import { useLanguage, useMessages } from '../../hooks';
import { durationText } from './durationText';

/** "4 minutes ago", with the full time on hover. */
export function RelativeTime(props: { at: string }) {
  const t = useMessages();
  const locale = useLanguage();
  useTick(15_000);
  const time = DateTime.fromISO(props.at);
  if (!time.isValid) {
    return <>{props.at}</>;
  }
  return (
    <Tooltip
      title={time
        .setLocale(locale)
        .toLocaleString(DateTime.DATETIME_MED_WITH_SECONDS)}
    >
      <time dateTime={props.at}>
        {Math.abs(time.diffNow().as('seconds')) < 5
          ? t('time.now')
          : time.toRelative({ locale })}
      </time>
    </Tooltip>
  );
}

/** The time of the day with seconds, with the full time on hover. */
export function ClockTime(props: { at: string }) {
  const locale = useLanguage();
  const time = DateTime.fromISO(props.at).setLocale(locale);
  return (
    <Tooltip title={time.toLocaleString(DateTime.DATETIME_MED_WITH_SECONDS)}>
      <time dateTime={props.at}>{time.toFormat('HH:mm:ss')}</time>
    </Tooltip>
  );
}

/** How long something took, or ticks while it has no end. */
export function Elapsed(props: { from: string; to?: string }) {
  const t = useMessages();
  useTick(props.to ? null : 1_000);
  const end = props.to ? DateTime.fromISO(props.to) : DateTime.now();
  return (
    <>{durationText(end.diff(DateTime.fromISO(props.from)).as('seconds'), t)}</>
  );
}

/** How long it is until then; ticks, and stays at nothing once it is over. */
export function Remaining(props: { until: string }) {
  const t = useMessages();
  useTick(1_000);
  const seconds = DateTime.fromISO(props.until).diffNow().as('seconds');
  return <>{durationText(seconds, t)}</>;
}

/** A date and a time of the day in the reader's zone, which it names. */
export function Moment(props: { at: string }) {
  const locale = useLanguage();
  return <time dateTime={props.at}>{momentText(props.at, locale)}</time>;
}

/** See {@link Moment}. */
export function momentText(at: string, locale: string): string {
  return DateTime.fromISO(at)
    .setLocale(locale)
    .toLocaleString({
      ...DateTime.DATETIME_MED_WITH_WEEKDAY,
      timeZoneName: 'short',
    });
}

function useTick(every: number | null) {
  const [, setTick] = useState(0);
  useInterval(() => setTick(tick => tick + 1), every);
}
