import type { ClusterRegistry } from '../../../clusters/types';
import type { Inventory } from '../../../inventory/types';
import { connectedProxies } from './connectedProxies';
import { dataPlaneOutlook } from './dataPlaneOutlook';
import { gatewayRollout } from './gatewayRollout';
import { injectionHealth } from './injectionHealth';
import { istiodHealth } from './istiodHealth';
import { LookActuator } from '../LookActuator';
import { proxyHealth } from './proxyHealth';
import { validationHealth } from './validationHealth';
import { webhookHealth } from './webhookHealth';

/** Everything a run of a mesh looks at without changing it. */
export function createHealthActuators(options: {
  clusters: ClusterRegistry;
  inventory: Inventory;
}): LookActuator[] {
  const { clusters, inventory } = options;
  return [
    connectedProxies,
    gatewayRollout,
    istiodHealth,
    injectionHealth,
    validationHealth,
    proxyHealth,
    webhookHealth,
    dataPlaneOutlook(inventory),
  ].map(look => LookActuator.create({ clusters, look }));
}
