import {
  gatewayDeployment,
  gatewayDeploymentName,
  proxyOfRevision,
  revisionOfGateway,
} from '../controlPlane/gateways';
import { GATEWAYS, SERVICES } from '../kubernetes/resources';
import type { GatewayBlueprint } from './blueprint';
import type { Seeder } from './Seeder';
import { seedDeployment } from './seedWorkload';

/** Puts a Gateway in place with what istiod has made for it. */
export function seedGateway(seeder: Seeder, blueprint: GatewayBlueprint) {
  const { namespace, name, className, replicas, labels } = blueprint;
  const isWaypoint = className === 'istio-waypoint';
  const gateway = seeder.put(GATEWAYS, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace, ...(labels && { labels }) },
    spec: {
      gatewayClassName: className,
      listeners: isWaypoint
        ? [{ name: 'mesh', port: 15008, protocol: 'HBONE' }]
        : [{ name: 'http', port: 80, protocol: 'HTTP' }],
    },
    status: {
      conditions: ['Accepted', 'Programmed'].map(type => ({
        type,
        status: 'True',
        reason: type,
        lastTransitionTime: seeder.now,
      })),
    },
  });
  const image = proxyOfRevision(seeder.cluster, revisionOfGateway(gateway));
  seedDeployment(seeder, gatewayDeployment(gateway, image ?? '', replicas));
  const service = gatewayDeploymentName(gateway);
  seeder.put(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service, namespace },
    spec: {
      selector: { 'gateway.networking.k8s.io/gateway-name': name },
      ports: [
        isWaypoint ? { name: 'mesh', port: 15008 } : { name: 'http', port: 80 },
      ],
      type: isWaypoint ? 'ClusterIP' : 'LoadBalancer',
    },
  });
}
