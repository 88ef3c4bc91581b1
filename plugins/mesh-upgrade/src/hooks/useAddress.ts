import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/** What the query of the address says; undefined or an empty list removes a key. */
export type AddressChange = Record<string, string | string[] | undefined>;

/**
 * State that lives in the address, so that reloading and sharing keep the
 * place. A change replaces the history entry unless `push` is asked for.
 */
export function useAddress() {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (
      values: AddressChange,
      options: {
        push?: boolean;
        /** Kept by the browser with the history entry: survives a reload, but is in no link. */
        state?: unknown;
      } = {},
    ) =>
      setParams(
        previous => {
          const next = new URLSearchParams(previous);
          for (const [key, value] of Object.entries(values)) {
            next.delete(key);
            for (const one of [value ?? []].flat()) {
              if (one !== '') {
                next.append(key, one);
              }
            }
          }
          return next;
        },
        { replace: !options.push, state: options.state },
      ),
    [setParams],
  );
  return { params, change };
}
