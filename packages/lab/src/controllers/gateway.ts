import type { Cluster } from '../cluster/Cluster';
import { applyEntries } from '../controlPlane/applyControlPlane';
import {
  gatewayDeployment,
  gatewayDeploymentName,
  isIstioGateway,
  proxyOfRevision,
  revisionOfGateway,
} from '../controlPlane/gateways';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  GATEWAYS,
  type Resource,
} from '../kubernetes/resources';

/** How long istiod takes to act, in milliseconds of lab time. */
const DEPLOY_DELAY = 500;

/** istiod's deployer: gives every Gateway of its classes a Deployment with the proxy of its revision. */
export function startGatewayDeployer(cluster: Cluster) {
  const enqueue = (namespace: string | undefined, name: string) =>
    cluster.queue.add(
      `gateway ${namespace}/${name}`,
      () => reconcile(cluster, namespace, name),
      DEPLOY_DELAY,
    );
  cluster.onChange(({ resource, type, object }) => {
    if (type === 'DELETED') {
      return;
    }
    if (resource === (GATEWAYS as Resource)) {
      enqueue(object.metadata.namespace, object.metadata.name);
    } else if (
      resource === (CONFIG_MAPS as Resource) &&
      object.metadata.labels?.['istio.io/rev'] !== undefined
    ) {
      // A new injector configuration comes with a new istiod, which renders its gateways anew.
      cluster.store
        .list(GATEWAYS)
        .forEach(({ metadata }) => enqueue(metadata.namespace, metadata.name));
    }
  });
}

function reconcile(
  cluster: Cluster,
  namespace: string | undefined,
  name: string,
) {
  const gateway = cluster.store.get(GATEWAYS, namespace, name);
  const image =
    gateway &&
    isIstioGateway(gateway) &&
    proxyOfRevision(cluster, revisionOfGateway(gateway));
  if (!gateway || !image) {
    return;
  }
  const replicas = cluster.store.get(
    DEPLOYMENTS,
    namespace,
    gatewayDeploymentName(gateway),
  )?.spec.replicas;
  applyEntries(cluster, [
    [DEPLOYMENTS as Resource, gatewayDeployment(gateway, image, replicas)],
  ]);
}
