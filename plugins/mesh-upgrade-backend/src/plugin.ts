import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { meshUpgradePermissions } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  meshUpgradeChecksExtensionPoint,
  meshUpgradeClustersExtensionPoint,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { AddedChecks } from './checks';
import { ClusterSupplierCollection } from './clusters/config/suppliedClusters';
import { createRouter } from './http/createRouter';
import { startServices } from './startServices';

/** Reads Istio meshes on many clusters and upgrades their control planes and sidecars. @public */
export const meshUpgradePlugin = createBackendPlugin({
  pluginId: 'mesh-upgrade',
  register(env) {
    const added = new ClusterSupplierCollection();
    env.registerExtensionPoint(meshUpgradeClustersExtensionPoint, added);
    const addedChecks = new AddedChecks();
    env.registerExtensionPoint(meshUpgradeChecksExtensionPoint, addedChecks);

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        rootLifecycle: coreServices.rootLifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
      },
      async init(deps) {
        deps.permissionsRegistry.addPermissions(meshUpgradePermissions);
        const services = await startServices({
          ...deps,
          suppliers: added.suppliers,
          addedChecks,
        });
        deps.httpRouter.use(
          await createRouter({ httpAuth: deps.httpAuth, ...services }),
        );
      },
    });
  },
});
