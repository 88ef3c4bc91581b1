import {
  ApiBlueprint,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { MeshUpgradeClient, meshUpgradeApiRef } from '../api';

export const meshUpgradeApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: meshUpgradeApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new MeshUpgradeClient(deps),
    }),
});
