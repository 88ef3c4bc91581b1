import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import useAsync from 'react-use/lib/useAsync';
import {
  runControlPermission,
  type RunSummary,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';

/** Why the reader may not control a run; undefined when they may: whoever started it always may. */
export function useRunControl(run: RunSummary): string | undefined {
  const t = useMessages();
  const identityApi = useApi(identityApiRef);
  const { value: identity } = useAsync(
    () => identityApi.getBackstageIdentity(),
    [identityApi],
  );
  const { loading, allowed } = usePermission({
    permission: runControlPermission,
  });
  const own = identity?.userEntityRef === run.startedBy;
  return identity && !own && !loading && !allowed
    ? t('run.controlDenied', { permission: runControlPermission.name })
    : undefined;
}
