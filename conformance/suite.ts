import type { ClusterClient } from '../plugins/mesh-upgrade-backend/src/clusters';
import { accessCases } from './cases/access';
import { admissionCases } from './cases/admission';
import { configurationCases } from './cases/configuration';
import { ephemeralContainerCases } from './cases/ephemeralContainers';
import { evictionCases } from './cases/eviction';
import { listCases } from './cases/list';
import { patchCases } from './cases/patch';
import { refusalCases } from './cases/refusals';
import { watchCases } from './cases/watch';
import type { Fixtures } from './Fixtures';

/** One statement about API servers; `run` rejects when it does not hold. Cases share no objects. */
export interface ConformanceCase {
  name: string;
  run(client: ClusterClient, fixtures: Fixtures): Promise<void>;
}

/** What the plugin's own client must meet on every API server, the lab's included. */
export const cases: ConformanceCase[] = [
  ...listCases,
  ...watchCases,
  ...patchCases,
  ...admissionCases,
  ...configurationCases,
  ...evictionCases,
  ...accessCases,
  ...ephemeralContainerCases,
  ...refusalCases,
];
