import type { ResourceType } from '../../clusters/types';
import { DESTINATION_RULES, SIDECARS, VIRTUAL_SERVICES } from './resources';

/** A field of Istio's configuration that is no longer to be used. */
export interface DeprecatedField {
  resource: ResourceType;
  kind: string;
  field: string;
  instead: string;
  /** Code of Istio's analysis. */
  code: 'IST0002' | 'IST0133';
  /** Whether `spec` uses it. */
  isUsed(spec: Spec): boolean;
}

/** Whatever somebody applied: nothing is promised about its form. */
export type Spec = Record<string, unknown>;

/**
 * As of Istio 1.31.
 *
 * @see https://github.com/istio/istio/blob/release-1.31/pkg/config/analysis/analyzers/deprecation/deprecation.go
 * @see https://github.com/istio/istio/blob/release-1.31/pkg/config/validation/validation.go
 */
export const DEPRECATED_FIELDS: readonly DeprecatedField[] = [
  {
    resource: VIRTUAL_SERVICES,
    kind: 'VirtualService',
    field: 'http.fault.delay.percent',
    instead: 'http.fault.delay.percentage',
    code: 'IST0002',
    isUsed: spec =>
      all(spec, 'http').some(route =>
        isSet(at(route, 'fault', 'delay', 'percent')),
      ),
  },
  {
    resource: VIRTUAL_SERVICES,
    kind: 'VirtualService',
    field: 'http.mirrorPercent',
    instead: 'http.mirrorPercentage',
    code: 'IST0133',
    isUsed: spec =>
      all(spec, 'http').some(route => at(route, 'mirrorPercent') !== undefined),
  },
  {
    resource: SIDECARS,
    kind: 'Sidecar',
    field: 'outboundTrafficPolicy.egressProxy',
    instead: 'an egress gateway; the field is ignored',
    code: 'IST0002',
    isUsed: spec =>
      at(spec, 'outboundTrafficPolicy', 'egressProxy') !== undefined,
  },
  {
    resource: DESTINATION_RULES,
    kind: 'DestinationRule',
    field: 'outlierDetection.consecutiveErrors',
    instead: 'consecutiveGatewayErrors or consecutive5xxErrors',
    code: 'IST0133',
    isUsed: spec =>
      policiesOf(spec).some(policy =>
        isSet(at(policy, 'outlierDetection', 'consecutiveErrors')),
      ),
  },
  {
    resource: DESTINATION_RULES,
    kind: 'DestinationRule',
    field: 'loadBalancer.consistentHash.minimumRingSize',
    instead: 'loadBalancer.consistentHash.ringHash.minimumRingSize',
    code: 'IST0133',
    isUsed: spec =>
      policiesOf(spec).some(policy =>
        isSet(at(policy, 'loadBalancer', 'consistentHash', 'minimumRingSize')),
      ),
  },
];

/** Every traffic policy of a DestinationRule: its own, those of ports and those of subsets. */
export function policiesOf(spec: Spec): unknown[] {
  return [spec, ...all(spec, 'subsets')]
    .map(each => at(each, 'trafficPolicy'))
    .filter(policy => policy !== undefined)
    .flatMap(policy => [policy, ...all(policy, 'portLevelSettings')]);
}

/** The value under these keys; undefined when there is none on the way. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Spec)[key]
        : undefined,
    value,
  );
}

/** The items of a list under these keys; none when there is no list. */
export function all(value: unknown, ...path: string[]): unknown[] {
  const items = at(value, ...path);
  return Array.isArray(items) ? items : [];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== 0 && value !== '0';
}
