import { useCallback, useEffect, useRef, useState } from 'react';

/** How long a failing load waits at most, in milliseconds. */
const LONGEST_WAIT = 60_000;

/** A value that keeps itself up to date. The last good value stays while a refresh fails. */
export interface Live<T> {
  value?: T;
  /** Of the last load; gone after the next good one. */
  error?: Error;
  /** Nothing has arrived yet, neither a value nor an error. */
  loading: boolean;
  /** Loads at once. */
  refresh(): void;
}

/**
 * Loads now and again every `interval` milliseconds; `interval` may look at
 * the value, and undefined means that it will not change any more. Rests while
 * the page is hidden and waits twice as long after each failure.
 *
 * `key` names what is loaded: another key loads at once, and the former value
 * stays until the answer is there, so that nothing on the screen jumps.
 */
export function useLive<T>(
  key: string,
  load: () => Promise<T>,
  interval: number | ((value: T) => number | undefined),
): Live<T> {
  const [state, setState] = useState<Pick<Live<T>, 'value' | 'error'>>({});
  const [round, setRound] = useState(0);
  const latest = useRef({ load, interval });
  latest.current = { load, interval };

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let busy = false;
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
      resting = false;
      clearTimeout(timer);
      let wait: number | undefined;
      try {
        const value = await latest.current.load();
        if (!ended) {
          failures = 0;
          setState({ value });
          wait = nextWait(latest.current.interval, value);
        }
      } catch (error) {
        if (!ended) {
          failures += 1;
          setState(({ value }) => ({ value, error: error as Error }));
          wait = Math.min(LONGEST_WAIT, 2_000 * 2 ** failures);
        }
      }
      busy = false;
      if (!ended && wait !== undefined) {
        timer = setTimeout(run, wait);
      }
    }

    function wake() {
      if (!document.hidden && resting) {
        run();
      }
    }

    run();
    document.addEventListener('visibilitychange', wake);
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, [key, round]);

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
