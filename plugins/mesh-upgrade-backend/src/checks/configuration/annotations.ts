/** An annotation of Istio that is no longer to be used. */
export interface DeprecatedAnnotation {
  name: string;
  /** Minor of Istio 1 that ignores it; absent when it still works. */
  goneSince?: number;
  instead: string;
}

/**
 * As of Istio 1.31.
 *
 * @see https://github.com/istio/api/blob/release-1.31/annotation/annotations.gen.go
 * @see https://istio.io/latest/docs/reference/config/annotations/
 */
export const DEPRECATED_ANNOTATIONS: readonly DeprecatedAnnotation[] = [
  {
    name: 'sidecar.istio.io/statsCompression',
    goneSince: 29,
    instead: 'statsCompression in annotation proxy.istio.io/config',
  },
  {
    name: 'sidecar.istio.io/inject',
    instead: 'the label of the same name',
  },
  {
    name: 'sidecar.istio.io/discoveryAddress',
    instead: 'discoveryAddress in annotation proxy.istio.io/config',
  },
  {
    name: 'sidecar.istio.io/extraStatTags',
    instead: 'extraStatTags in annotation proxy.istio.io/config, or Telemetry',
  },
  ...['Prefixes', 'Regexps', 'Suffixes'].map(what => ({
    name: `sidecar.istio.io/statsInclusion${what}`,
    instead: `proxyStatsMatcher.inclusion${what} in annotation proxy.istio.io/config`,
  })),
  {
    name: 'traffic.sidecar.istio.io/kubevirtInterfaces',
    instead: 'istio.io/reroute-virtual-interfaces',
  },
  ...['canonical', 'kubernetes'].map(what => ({
    name: `alpha.istio.io/${what}-serviceaccounts`,
    instead: 'nothing; no replacement is named',
  })),
];

/** Annotations that Istio does not promise to keep, those that it sets itself left out. */
export const ALPHA_ANNOTATIONS: ReadonlySet<string> = new Set([
  ...['canonical-serviceaccounts', 'kubernetes-serviceaccounts'].map(
    name => `alpha.istio.io/${name}`,
  ),
  ...['bypass-inbound-capture', 'dns-capture', 'waypoint-inbound-binding'].map(
    name => `ambient.istio.io/${name}`,
  ),
  'galley.istio.io/analyze-suppress',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'inject.istio.io/templates',
  ...[
    'autoRegistrationGroup',
    'connectedAt',
    'disconnectedAt',
    'dry-run',
    'reroute-virtual-interfaces',
    'use-waypoint-canary-weight',
    'workloadController',
  ].map(name => `istio.io/${name}`),
  ...['exportTo', 'service-type', 'traffic-distribution'].map(
    name => `networking.istio.io/${name}`,
  ),
  'prometheus.istio.io/merge-metrics',
  'proxy.istio.io/overrides',
  ...[
    'applicationPorts',
    'failureThreshold',
    'initialDelaySeconds',
    'periodSeconds',
  ].map(name => `readiness.status.sidecar.istio.io/${name}`),
  ...[
    'agentLogLevel',
    'bootstrapOverride',
    'componentLogLevel',
    'discoveryAddress',
    'extraStatTags',
    'interceptionMode',
    'logLevel',
    'nativeSidecar',
    'proxyCPU',
    'proxyCPULimit',
    'proxyImage',
    'proxyImageType',
    'proxyMemory',
    'proxyMemoryLimit',
    'rewriteAppHTTPProbers',
    'statsCompression',
    'statsEvictionInterval',
    'statsFlushInterval',
    'statsHistogramBins',
    'statsHistogramBuckets',
    'statsInclusionPrefixes',
    'statsInclusionRegexps',
    'statsInclusionSuffixes',
    'userVolume',
    'userVolumeMount',
  ].map(name => `sidecar.istio.io/${name}`),
  'status.sidecar.istio.io/port',
  'topology.istio.io/controlPlaneClusters',
  ...[
    'excludeInboundPorts',
    'excludeInterfaces',
    'excludeOutboundIPRanges',
    'excludeOutboundPorts',
    'includeInboundPorts',
    'includeOutboundIPRanges',
    'includeOutboundPorts',
    'kubevirtInterfaces',
  ].map(name => `traffic.sidecar.istio.io/${name}`),
]);
