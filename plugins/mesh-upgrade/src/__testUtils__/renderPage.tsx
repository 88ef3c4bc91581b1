import { renderInTestApp, mockApis } from '@backstage/frontend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { signalApiRef, type SignalApi } from '@backstage/plugin-signals-react';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { useLocation } from 'react-router-dom';
import { meshUpgradeApiRef, type MeshUpgradeApi } from '../api';
import { MeshUpgradeRouter } from '../components/MeshUpgradeRouter';
import { rootRouteRef } from '../routes';

/** Renders the whole page at an address below `/mesh-upgrade`. */
export function renderPage(
  api: MeshUpgradeApi,
  options: {
    /** e.g. `/meshes/shop/upgrade?step=environment`. */
    address?: string;
    /** Names of permissions that are refused. */
    denied?: string[];
    signals?: SignalApi;
  } = {},
) {
  const { address = '', denied = [], signals } = options;
  return renderInTestApp(
    <>
      <MeshUpgradeRouter />
      <Address />
    </>,
    {
      mountPath: '/mesh-upgrade',
      initialRouteEntries: [`/mesh-upgrade${address}`],
      mountedRoutes: {
        '/mesh-upgrade': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
      apis: [
        [meshUpgradeApiRef, api],
        ...(signals ? ([[signalApiRef, signals]] as const) : []),
        mockApis.identity({ userEntityRef: 'user:default/finn' }),
        [
          permissionApiRef,
          mockApis.permission({
            authorize: ({ permission }) =>
              denied.includes(permission.name)
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          }),
        ],
      ],
    },
  );
}

/** Shows where the page is, so that a test can tell. */
function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{`${pathname}${search}`}</output>;
}
