import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import useAsync from 'react-use/lib/useAsync';

/** Entity ref of the reader; undefined until it is known. */
export function useUserRef(): string | undefined {
  const identityApi = useApi(identityApiRef);
  const { value } = useAsync(
    () => identityApi.getBackstageIdentity(),
    [identityApi],
  );
  return value?.userEntityRef;
}
