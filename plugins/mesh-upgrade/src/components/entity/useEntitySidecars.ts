import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { meshUpgradeApiRef } from '../../api';
import { useLive } from '../../hooks';
import { loadWorkloads } from '../sidecars/useWorkloadList';

/** Every workload that the entity of the page owns, kept up to date. */
export function useEntitySidecars() {
  const api = useApi(meshUpgradeApiRef);
  const { entity } = useEntity();
  const owner = stringifyEntityRef(entity);
  const workloads = useLive(
    owner,
    () => loadWorkloads(api, { owner }, Infinity),
    10_000,
    ['inventory'],
  );
  return { owner, workloads };
}
