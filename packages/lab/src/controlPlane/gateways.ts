import type { Cluster } from '../cluster/Cluster';
import { controllerReference } from '../controllers/ownership';
import { injectorValues, proxyImage } from '../injection/injectPod';
import { CONFIG_MAPS, GATEWAYS } from '../kubernetes/resources';
import type { Deployment, Draft, Gateway } from '../kubernetes/types';
import { injectorConfigMapName, ISTIO_NAMESPACE } from './names';

const WAYPOINT_CLASS = 'istio-waypoint';
const OWN_CLASSES = ['istio', WAYPOINT_CLASS];

/** Whether Istio makes a Deployment for a Gateway. */
export function isIstioGateway({ spec }: Gateway): boolean {
  return OWN_CLASSES.includes(spec.gatewayClassName);
}

/** The revision whose istiod serves a Gateway. */
export function revisionOfGateway({ metadata }: Gateway): string {
  return metadata.labels?.['istio.io/rev'] ?? 'default';
}

/** The name of the Deployment of a Gateway: a waypoint's is its own. */
export function gatewayDeploymentName({ metadata, spec }: Gateway): string {
  return spec.gatewayClassName === WAYPOINT_CLASS
    ? metadata.name
    : `${metadata.name}-${spec.gatewayClassName}`;
}

/** The proxy that the control plane of a revision would run; `undefined` without a readable configuration. */
export function proxyOfRevision(
  cluster: Cluster,
  revision: string,
): string | undefined {
  const config = cluster.store.get(
    CONFIG_MAPS,
    ISTIO_NAMESPACE,
    injectorConfigMapName(revision),
  );
  try {
    return config && proxyImage(injectorValues(config));
  } catch {
    return undefined;
  }
}

/** The Deployment that istiod makes for a Gateway, with this proxy. */
export function gatewayDeployment(
  gateway: Gateway,
  image: string,
  replicas = 1,
): Draft<Deployment> {
  const { metadata, spec } = gateway;
  const isWaypoint = spec.gatewayClassName === WAYPOINT_CLASS;
  const revision = revisionOfGateway(gateway);
  const name = gatewayDeploymentName(gateway);
  const labels = {
    ...metadata.labels,
    'gateway.istio.io/managed': isWaypoint
      ? 'istio.io-mesh-controller'
      : 'istio.io-gateway-controller',
    'gateway.networking.k8s.io/gateway-class-name': spec.gatewayClassName,
    'gateway.networking.k8s.io/gateway-name': metadata.name,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: metadata.namespace,
      labels,
      ownerReferences: [controllerReference(GATEWAYS, gateway)],
    },
    spec: {
      replicas,
      selector: {
        matchLabels: {
          'gateway.networking.k8s.io/gateway-name': metadata.name,
        },
      },
      template: {
        metadata: {
          labels: {
            ...labels,
            'istio.io/dataplane-mode': 'none',
            'service.istio.io/canonical-name': name,
            'service.istio.io/canonical-revision': 'latest',
            'sidecar.istio.io/inject': 'false',
          },
          annotations: {
            'istio.io/rev': revision,
            'prometheus.io/path': '/stats/prometheus',
            'prometheus.io/port': '15020',
            'prometheus.io/scrape': 'true',
          },
        },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name: 'istio-proxy',
              image,
              args: ['proxy', isWaypoint ? 'waypoint' : 'router'],
              ports: [
                { name: 'status-port', containerPort: 15021, protocol: 'TCP' },
              ],
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { cpu: '2', memory: '1Gi' },
              },
              readinessProbe: {
                httpGet: { path: '/healthz/ready', port: 15021 },
              },
            },
          ],
        },
      },
    },
  };
}
