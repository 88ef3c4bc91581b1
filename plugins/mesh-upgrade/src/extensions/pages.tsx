import { PageBlueprint } from '@backstage/frontend-plugin-api';
import { rootRouteRef } from '../routes';

export const meshUpgradePage = PageBlueprint.make({
  params: {
    path: '/mesh-upgrade',
    routeRef: rootRouteRef,
    loader: () =>
      import('../components/MeshUpgradeRouter').then(m => (
        <m.MeshUpgradeRouter />
      )),
  },
});
