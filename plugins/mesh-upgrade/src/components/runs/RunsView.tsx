import { useApi } from '@backstage/frontend-plugin-api';
import { meshUpgradeApiRef } from '../../api';
import { useLive } from '../../hooks';
import { RunTable } from './RunTable';

/** The history of upgrades. */
export function RunsView() {
  const api = useApi(meshUpgradeApiRef);
  const runs = useLive('runs', () => api.listRuns({ limit: 100 }), 5_000, [
    'runs',
  ]);
  return <RunTable runs={runs} />;
}
