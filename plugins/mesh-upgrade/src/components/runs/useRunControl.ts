import { usePermission } from '@backstage/plugin-permission-react';
import {
  runControlPermission,
  type RunSummary,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, useUserRef } from '../../hooks';

/** Why the reader may not control a run; undefined when they may: whoever started it always may. */
export function useRunControl(run: RunSummary): string | undefined {
  const t = useMessages();
  const user = useUserRef();
  const { loading, allowed } = usePermission({
    permission: runControlPermission,
  });
  const own = user === run.startedBy;
  return user && !own && !loading && !allowed
    ? t('run.controlDenied', { permission: runControlPermission.name })
    : undefined;
}
