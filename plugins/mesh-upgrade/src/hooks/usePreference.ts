import { useCallback, useMemo } from 'react';
import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { JsonValue } from '@backstage/types';
import useObservable from 'react-use/lib/useObservable';

/** A choice of the reader that outlasts the visit; undefined until one was made. */
export function usePreference<T extends JsonValue>(
  name: string,
): [T | undefined, (value: T) => void] {
  const storage = useApi(storageApiRef);
  const bucket = useMemo(() => storage.forBucket('mesh-upgrade'), [storage]);
  const stored = useObservable(
    useMemo(() => bucket.observe$<T>(name), [bucket, name]),
    bucket.snapshot<T>(name),
  );
  const store = useCallback(
    (value: T) => {
      bucket.set(name, value);
    },
    [bucket, name],
  );
  return [stored.value as T | undefined, store];
}
