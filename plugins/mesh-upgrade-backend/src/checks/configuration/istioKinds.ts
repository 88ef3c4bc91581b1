/** A kind of Istio's configuration API and the version of it that istiod reads. */
export interface IstioKind {
  plural: string;
  group: string;
  kind: string;
  /** Minor of Istio 1 that brought the kind; absent for those older than 1.27. */
  since?: number;
  reads: string;
  /** Every version that its definition has. */
  versions: string[];
}

const NETWORKING = 'networking.istio.io';
const SECURITY = 'security.istio.io';
const EXTENSIONS = 'extensions.istio.io';

/**
 * As of Istio 1.27 to 1.31, which read the same versions of them.
 *
 * @see https://github.com/istio/istio/blob/release-1.31/manifests/charts/base/files/crd-all.gen.yaml
 * @see https://github.com/istio/istio/blob/release-1.31/pkg/config/schema/metadata.yaml
 */
export const ISTIO_KINDS: readonly IstioKind[] = [
  ...(
    [
      ['destinationrules', 'DestinationRule'],
      ['gateways', 'Gateway'],
      ['serviceentries', 'ServiceEntry'],
      ['sidecars', 'Sidecar'],
      ['virtualservices', 'VirtualService'],
      ['workloadentries', 'WorkloadEntry'],
      ['workloadgroups', 'WorkloadGroup'],
    ] as const
  ).map(([plural, kind]) => ({
    plural,
    group: NETWORKING,
    kind,
    reads: 'v1',
    versions: ['v1alpha3', 'v1beta1', 'v1'],
  })),
  ...(
    [
      ['authorizationpolicies', 'AuthorizationPolicy'],
      ['peerauthentications', 'PeerAuthentication'],
      ['requestauthentications', 'RequestAuthentication'],
    ] as const
  ).map(([plural, kind]) => ({
    plural,
    group: SECURITY,
    kind,
    reads: 'v1',
    versions: ['v1beta1', 'v1'],
  })),
  {
    plural: 'envoyfilters',
    group: NETWORKING,
    kind: 'EnvoyFilter',
    reads: 'v1alpha3',
    versions: ['v1alpha3'],
  },
  {
    plural: 'proxyconfigs',
    group: NETWORKING,
    kind: 'ProxyConfig',
    reads: 'v1beta1',
    versions: ['v1beta1'],
  },
  {
    plural: 'telemetries',
    group: 'telemetry.istio.io',
    kind: 'Telemetry',
    reads: 'v1',
    versions: ['v1alpha1', 'v1'],
  },
  {
    plural: 'wasmplugins',
    group: EXTENSIONS,
    kind: 'WasmPlugin',
    reads: 'v1alpha1',
    versions: ['v1alpha1'],
  },
  {
    plural: 'trafficextensions',
    group: EXTENSIONS,
    kind: 'TrafficExtension',
    since: 30,
    reads: 'v1alpha1',
    versions: ['v1alpha1'],
  },
];

/** Groups that hold nothing but Istio's configuration. */
export const ISTIO_GROUPS: readonly string[] = [
  NETWORKING,
  SECURITY,
  EXTENSIONS,
  'telemetry.istio.io',
];
