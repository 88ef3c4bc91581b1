/**
 * The same screens for apps of the former frontend system.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { MeshUpgradeClient, meshUpgradeApiRef } from './api';
import { rootRouteRef } from './routes';

/** @public */
export const meshUpgradePlugin = createPlugin({
  id: 'mesh-upgrade',
  apis: [
    createApiFactory({
      api: meshUpgradeApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new MeshUpgradeClient(deps),
    }),
  ],
  routes: { root: rootRouteRef },
});

/** Mount at `/mesh-upgrade`; the other components link to it. @public */
export const MeshUpgradePage = meshUpgradePlugin.provide(
  createRoutableExtension({
    name: 'MeshUpgradePage',
    component: () =>
      import('./components/MeshUpgradePage').then(m => m.MeshUpgradePage),
    mountPoint: rootRouteRef,
  }),
);

/** @public */
export const EntityMeshCard = meshUpgradePlugin.provide(
  createComponentExtension({
    name: 'EntityMeshCard',
    component: {
      lazy: () => import('./components/entity').then(m => m.EntityMeshCard),
    },
  }),
);

/** @public */
export const EntitySidecarsContent = meshUpgradePlugin.provide(
  createComponentExtension({
    name: 'EntitySidecarsContent',
    component: {
      lazy: () =>
        import('./components/entity').then(m => m.EntitySidecarsContent),
    },
  }),
);

/** @public */
export const EntitySidecarsCard = meshUpgradePlugin.provide(
  createComponentExtension({
    name: 'EntitySidecarsCard',
    component: {
      lazy: () => import('./components/entity').then(m => m.EntitySidecarsCard),
    },
  }),
);

/** @public */
export const EntityMeshContent = meshUpgradePlugin.provide(
  createComponentExtension({
    name: 'EntityMeshContent',
    component: {
      lazy: () => import('./components/entity').then(m => m.EntityMeshContent),
    },
  }),
);

/** A link such as `Mesh 1.29.4 !`, for a card of an entity page. @public */
export const EntityMeshIconLink = meshUpgradePlugin.provide(
  createComponentExtension({
    name: 'EntityMeshIconLink',
    component: {
      lazy: () => import('./components/entity').then(m => m.EntityMeshIconLink),
    },
  }),
);

/** For a card of the home page. @public */
export const HomePageSidecars = meshUpgradePlugin.provide(
  createComponentExtension({
    name: 'HomePageSidecars',
    component: {
      lazy: () => import('./components/home').then(m => m.OwnSidecars),
    },
  }),
);

export { useEntityMeshIconLink } from './components/entity/useEntityMeshIconLink';
export { isMeshUpgradeAvailable } from './components/entity/isMeshUpgradeAvailable';
