/** What a minor of Istio asks of the definitions of the Gateway API. */
export interface GatewayApiNeeds {
  /** Release of the Gateway API that Istio was built with. */
  builtWith: string;
  /**
   * Lowest release of the bundle, by name of the definition; istiod does not
   * look at the objects of a definition that is older.
   */
  minimums: Record<string, string>;
  /** Version of each kind that istiod reads. */
  reads: Record<string, string>;
}

export const GATEWAY_API_GROUP = 'gateway.networking.k8s.io';

const GRPC_ROUTES = { 'grpcroutes.gateway.networking.k8s.io': '1.1.0' };
const BACKEND_TLS_POLICIES = {
  'backendtlspolicies.gateway.networking.k8s.io': '1.4.0',
};
const TLS_ROUTES = { 'tlsroutes.gateway.networking.k8s.io': '1.5.0' };
const TCP_ROUTES = { 'tcproutes.gateway.networking.k8s.io': '1.6.0' };

const BETA = {
  GatewayClass: 'v1beta1',
  Gateway: 'v1beta1',
  HTTPRoute: 'v1beta1',
  GRPCRoute: 'v1',
  ReferenceGrant: 'v1beta1',
};
const STABLE = { ...BETA, GatewayClass: 'v1', Gateway: 'v1', HTTPRoute: 'v1' };

/**
 * By number of the minor.
 *
 * @see https://github.com/istio/istio/blob/release-1.28/pkg/kube/kclient/crdwatcher.go
 * @see https://github.com/istio/istio/blob/release-1.31/pkg/config/schema/gatewayapi/minimumversions.go
 * @see https://github.com/istio/istio/blob/release-1.31/pkg/config/schema/metadata.yaml
 */
const NEEDS: Record<number, GatewayApiNeeds> = {
  27: { builtWith: '1.3.0', minimums: GRPC_ROUTES, reads: BETA },
  28: {
    builtWith: '1.4.1',
    minimums: { ...GRPC_ROUTES, ...BACKEND_TLS_POLICIES },
    reads: { ...BETA, BackendTLSPolicy: 'v1' },
  },
  29: {
    builtWith: '1.4.1',
    minimums: { ...GRPC_ROUTES, ...BACKEND_TLS_POLICIES },
    reads: { ...STABLE, BackendTLSPolicy: 'v1' },
  },
  30: {
    builtWith: '1.5.1',
    minimums: { ...GRPC_ROUTES, ...BACKEND_TLS_POLICIES, ...TLS_ROUTES },
    reads: { ...STABLE, BackendTLSPolicy: 'v1', TLSRoute: 'v1' },
  },
  31: {
    builtWith: '1.6.0',
    minimums: {
      ...GRPC_ROUTES,
      ...BACKEND_TLS_POLICIES,
      ...TLS_ROUTES,
      ...TCP_ROUTES,
    },
    reads: {
      ...STABLE,
      BackendTLSPolicy: 'v1',
      TLSRoute: 'v1',
      TCPRoute: 'v1',
    },
  },
};

/** Kinds that `istioctl x precheck` wants served as v1beta1, and those it wants as v1. */
export const PRECHECK_BETA_KINDS = [
  'Gateway',
  'GatewayClass',
  'HTTPRoute',
  'ReferenceGrant',
];
export const PRECHECK_STABLE_KINDS = [
  'Gateway',
  'GatewayClass',
  'HTTPRoute',
  'GRPCRoute',
];

/** Undefined for a minor that nothing is known of. */
export function gatewayApiNeeds(
  minor: number | undefined,
): GatewayApiNeeds | undefined {
  return minor === undefined ? undefined : NEEDS[minor];
}
