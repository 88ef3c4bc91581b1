import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import DeviceHub from '@material-ui/icons/DeviceHub';
import { meshUpgradeApi } from './extensions/apis';
import { entityMeshCard, entitySidecarsCard } from './extensions/entityCards';
import {
  entityMeshContent,
  entitySidecarsContent,
} from './extensions/entityContents';
import { entityMeshIconLink } from './extensions/entityIconLinks';
import { ownSidecarsWidget } from './extensions/homeWidgets';
import { meshUpgradePage } from './extensions/pages';
import { rootRouteRef, runRouteRef, sidecarsRouteRef } from './routes';

/**
 * Upgrades Istio meshes and sidecars.
 *
 * @public
 */
export const meshUpgradePlugin = createFrontendPlugin({
  pluginId: 'mesh-upgrade',
  title: 'Mesh Upgrade',
  icon: <DeviceHub fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    sidecars: sidecarsRouteRef,
    run: runRouteRef,
  },
  extensions: [
    meshUpgradeApi,
    meshUpgradePage,
    entitySidecarsContent,
    entitySidecarsCard,
    entityMeshCard,
    entityMeshContent,
    entityMeshIconLink,
    ownSidecarsWidget,
  ],
});
