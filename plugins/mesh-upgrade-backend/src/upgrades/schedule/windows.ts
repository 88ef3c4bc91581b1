import type { RunKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { DateTime } from 'luxon';
import type { UpgradeWindow, Weekday } from './RunPolicy';

/** What a window is looked up for. */
export interface WindowSubject {
  kind: RunKind;
  meshes: string[];
  cluster: string;
}

interface Opening {
  from: number;
  to: number;
}

const MINUTES_OF_DAY = 24 * 60;
/** More than a week, because the clocks may skip a short window once. */
const DAYS_AHEAD = 15;

/** The windows that hold for a step; none means that it may begin at any time. */
export function windowsFor(
  windows: readonly UpgradeWindow[],
  { kind, meshes, cluster }: WindowSubject,
): UpgradeWindow[] {
  return windows.filter(
    window =>
      (window.kinds?.includes(kind) ?? true) &&
      (window.clusters?.includes(cluster) ?? true) &&
      (window.meshes === undefined ||
        window.meshes.some(id => meshes.includes(id))),
  );
}

/** True while the window is open. */
export function isOpen(window: UpgradeWindow, now: Date): boolean {
  const at = now.getTime();
  return openings(window, now, 0).some(({ from, to }) => from <= at && at < to);
}

/** When the window opens next after `now`; undefined when it does not within two weeks. */
export function nextOpening(
  window: UpgradeWindow,
  now: Date,
): Date | undefined {
  const starts = openings(window, now, DAYS_AHEAD)
    .map(({ from }) => from)
    .filter(from => from > now.getTime());
  return starts.length > 0 ? new Date(Math.min(...starts)) : undefined;
}

/** From the one that may have begun yesterday on. */
function openings(
  window: UpgradeWindow,
  now: Date,
  daysAhead: number,
): Opening[] {
  const { days, from, to, timeZone } = window;
  const today = DateTime.fromJSDate(now, { zone: timeZone });
  const found: Opening[] = [];
  for (let offset = -1; offset <= daysAhead; offset += 1) {
    const day = today.plus({ days: offset });
    if (days.includes(day.weekday as Weekday)) {
      const opening = {
        from: instantOf(day, from),
        to: instantOf(day, to > from ? to : to + MINUTES_OF_DAY),
      };
      // Empty when the clocks skip its beginning past its end.
      if (opening.from < opening.to) {
        found.push(opening);
      }
    }
  }
  return found;
}

/**
 * As calendars do (RFC 5545): a time that the clocks skip is as much later, one
 * that comes twice is the first.
 */
function instantOf(day: DateTime, minuteOfDay: number): number {
  const date = day.plus({ days: Math.floor(minuteOfDay / MINUTES_OF_DAY) });
  const minute = minuteOfDay % MINUTES_OF_DAY;
  const local = DateTime.fromObject(
    {
      year: date.year,
      month: date.month,
      day: date.day,
      hour: Math.floor(minute / 60),
      minute: minute % 60,
    },
    { zone: day.zone },
  );
  return Math.min(...local.getPossibleOffsets().map(each => each.toMillis()));
}
