import { Duration } from 'luxon';
import type { Messages } from '../../hooks';

/** A span of time in its two largest units, from days down to seconds. */
export function durationText(seconds: number, t: Messages): string {
  const parts = Duration.fromObject({
    seconds: Math.max(0, Math.round(seconds)),
  })
    .shiftTo('days', 'hours', 'minutes', 'seconds')
    .toObject();
  const days = `${parts.days}`;
  const hours = `${parts.hours}`;
  const minutes = `${parts.minutes}`;
  if (parts.days) {
    return t('time.days', { days, hours });
  }
  if (parts.hours) {
    return t('time.hours', { hours, minutes });
  }
  return parts.minutes
    ? t('time.minutes', { minutes, seconds: `${parts.seconds}` })
    : t('time.seconds', { seconds: `${parts.seconds}` });
}
