import {
  apiVersionOf,
  istioConfiguration,
  type Resource,
} from '../kubernetes/resources';
import type { Draft } from '../kubernetes/types';

type Entry = readonly [Resource, Draft];

/** An object of a kind that users configure a mesh with. */
export function configure(
  kind: string,
  metadata: {
    namespace: string;
    name: string;
    labels?: Record<string, string>;
  },
  spec: object,
): Entry {
  const resource = istioConfiguration(kind);
  return [
    resource,
    { apiVersion: apiVersionOf(resource), kind, metadata, spec },
  ];
}

/** How the requests of a service are routed and balanced, as most teams write it. */
export function routing(namespace: string, service: string): Entry[] {
  const host = `${service}.${namespace}.svc.cluster.local`;
  const metadata = { namespace, name: service };
  return [
    configure('VirtualService', metadata, {
      hosts: [host],
      http: [
        {
          retries: { attempts: 2, perTryTimeout: '2s', retryOn: '5xx' },
          route: [{ destination: { host } }],
        },
      ],
    }),
    configure('DestinationRule', metadata, {
      host,
      trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
    }),
  ];
}
