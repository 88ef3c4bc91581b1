import { useApi } from '@backstage/frontend-plugin-api';
import { meshUpgradeApiRef } from '../../api';
import { useLive } from '../../hooks';

/** Looking costs every cluster of the mesh several lists. */
const INTERVAL_MS = 120_000;

/** What earlier revisions left behind in the clusters of a mesh, looked for again when an upgrade changes. */
export function useLeftovers(meshId: string) {
  const api = useApi(meshUpgradeApiRef);
  return useLive(
    `leftovers ${meshId}`,
    () => api.listLeftovers(meshId),
    INTERVAL_MS,
    ['runs'],
  );
}
