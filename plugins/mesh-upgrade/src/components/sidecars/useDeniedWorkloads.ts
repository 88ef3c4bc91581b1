import { useApi } from '@backstage/frontend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  permissionApiRef,
  usePermission,
} from '@backstage/plugin-permission-react';
import useAsync from 'react-use/lib/useAsync';
import {
  meshUpgradePermission,
  workloadUpgradePermission,
  type WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/**
 * Those of the workloads that the reader may not upgrade: none of the entities
 * that own them allows it, or nobody owns them and the reader does not upgrade
 * meshes either. Only for the screen; the backend decides again.
 */
export function useDeniedWorkloads(workloads: WorkloadView[]): WorkloadView[] {
  const permissionApi = useApi(permissionApiRef);
  const maintainer = usePermission({ permission: meshUpgradePermission });
  const owners = [...new Set(workloads.flatMap(one => one.owners))].sort();
  const { value: denied } = useAsync(async () => {
    const answers = await Promise.all(
      owners.map(async owner => {
        const { result } = await permissionApi.authorize({
          permission: workloadUpgradePermission,
          resourceRef: owner,
        });
        return { owner, allowed: result === AuthorizeResult.ALLOW };
      }),
    );
    return new Set(
      answers.filter(({ allowed }) => !allowed).map(({ owner }) => owner),
    );
  }, [permissionApi, owners.join()]);
  return workloads.filter(one =>
    one.owners.length === 0
      ? !maintainer.loading && !maintainer.allowed
      : one.owners.every(owner => denied?.has(owner)),
  );
}
