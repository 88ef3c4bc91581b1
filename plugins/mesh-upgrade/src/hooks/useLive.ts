import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChangeKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { Pace, useChangeFeed } from '../live';

/** How long a failing load waits at most, in milliseconds. */
const LONGEST_WAIT = 60_000;
/** How often to look for oneself while changes are announced, in milliseconds. */
const CALM_WAIT = 30_000;

/** What a mesh shows depends on all of these. */
export const MESH_CHANGES: readonly ChangeKind[] = [
  'clusters',
  'inventory',
  'runs',
  'versions',
];

/** A value that keeps itself up to date. The last good value stays while a refresh fails. */
export interface Live<T> {
  value?: T;
  /** Of the last load; gone after the next good one. */
  error?: Error;
  /** The key that `value` was loaded for: not the present one while that is being loaded. */
  of?: string;
  /** ISO time at which `value` arrived. */
  checkedAt?: string;
  /** Nothing has arrived yet, neither a value nor an error. */
  loading: boolean;
  /** Loads at once. */
  refresh(): void;
}

/**
 * Loads now, again when the backend announces a change of one of `kinds`, and
 * every `interval` milliseconds; `interval` may look at the value, and
 * undefined means that it will not change any more. While changes are
 * announced the interval is long. Rests while the page is hidden and waits
 * twice as long after each failure.
 *
 * `key` names what is loaded: another key loads at once, and the former value
 * stays until the answer is there, so that nothing on the screen jumps.
 */
export function useLive<T>(
  key: string,
  load: () => Promise<T>,
  interval: number | ((value: T) => number | undefined),
  kinds: readonly ChangeKind[] = [],
): Live<T> {
  const [state, setState] = useState<
    Pick<Live<T>, 'value' | 'of' | 'error' | 'checkedAt'>
  >({});
  const [round, setRound] = useState(0);
  const feed = useChangeFeed();
  const latest = useRef({ load, interval, kinds });
  latest.current = { load, interval, kinds };

  useEffect(() => {
    const pace = new Pace();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let final = false;
    let busy = false;
    let stale = false;
    let failures = 0;
    let resting = false;

    async function run() {
      if (busy || ended) {
        return;
      }
      if (document.hidden) {
        resting = true;
        return;
      }
      busy = true;
      stale = false;
      resting = false;
      clearTimeout(timer);
      const startedAt = Date.now();
      let wait: number | undefined;
      try {
        const value = await latest.current.load();
        if (!ended) {
          failures = 0;
          setState({ value, of: key, checkedAt: new Date().toISOString() });
          wait = nextWait(latest.current.interval, value);
          final = wait === undefined;
        }
      } catch (error) {
        if (!ended) {
          failures += 1;
          setState(former => ({ ...former, error: error as Error }));
          wait = Math.min(LONGEST_WAIT, 2_000 * 2 ** failures);
        }
      }
      busy = false;
      pace.loaded(startedAt, Date.now());
      if (wait !== undefined) {
        schedule(wait);
      }
    }

    function schedule(wait: number) {
      clearTimeout(timer);
      if (ended) {
        return;
      }
      const told =
        feed?.connection === 'live' && latest.current.kinds.length > 0;
      if (stale && failures === 0) {
        timer = setTimeout(run, pace.wait(Date.now()));
      } else {
        const calm = told && failures === 0;
        timer = setTimeout(run, calm ? Math.max(wait, CALM_WAIT) : wait);
      }
    }

    /** What is shown may not be true any more. */
    function doubt() {
      stale = true;
      if (!busy && !final && failures === 0) {
        schedule(0);
      }
    }

    function wake() {
      if (!document.hidden && resting) {
        run();
      }
    }

    const unsubscribe =
      latest.current.kinds.length > 0
        ? feed?.subscribe({
            changed: changed => {
              if (changed.some(kind => latest.current.kinds.includes(kind))) {
                doubt();
              }
            },
            // Whatever was announced in between has been missed.
            connection: doubt,
          })
        : undefined;
    run();
    document.addEventListener('visibilitychange', wake);
    return () => {
      ended = true;
      clearTimeout(timer);
      unsubscribe?.();
      document.removeEventListener('visibilitychange', wake);
    };
  }, [key, round, feed]);

  const refresh = useCallback(() => setRound(previous => previous + 1), []);
  return {
    ...state,
    loading: state.value === undefined && state.error === undefined,
    refresh,
  };
}

function nextWait<T>(
  interval: number | ((value: T) => number | undefined),
  value: T,
): number | undefined {
  return typeof interval === 'function' ? interval(value) : interval;
}
