import { at } from '../configuration/deprecatedFields';
import type { CustomResourceDefinition } from '../configuration/resources';
import { hits, isAmbient, istiodsWith, keepsFormer } from './evidence';
import { changeNotesOf, upgradeNotesOf } from './links';
import type { MinorNotes } from './types';

const POLICIES = 'backendtlspolicies.gateway.networking.k8s.io';

export const istio128: MinorNotes = {
  minor: 28,
  notes: [
    {
      id: 'inference-pool-v1',
      title: 'InferencePools of v1alpha2 are not read any more',
      change:
        'Only InferencePool v1 is supported; the field endpointPickerRef.portNumber became endpointPickerRef.port.number, and 9002 is no longer assumed.',
      remedy:
        'Write the pools as v1 of inference.networking.k8s.io before the upgrade.',
      severity: 'consent',
      link: upgradeNotesOf(28),
      detector: {
        reads: ['alphaInferencePools'],
        detect: world => hits(world, 'alphaInferencePools'),
      },
    },
    {
      id: 'ambient-passthrough',
      title: 'Ambient: ServiceEntries without resolution pass traffic through',
      change:
        'ServiceEntries with resolution NONE become passthrough services. A ztunnel that is older than 1.28 refuses their update, and goes on as if it had not come, until it is upgraded.',
      remedy: 'Upgrade the ztunnels soon after istiod.',
      severity: 'warning',
      link: upgradeNotesOf(28),
      detector: {
        reads: ['serviceEntries'],
        detect: world =>
          isAmbient(world)
            ? hits(world, 'serviceEntries', ({ spec }) =>
                // Absent means NONE.
                ['NONE', undefined].includes(
                  at(spec, 'resolution') as string | undefined,
                ),
              )
            : [],
      },
    },
    {
      id: 'backend-tls-policy-v1',
      title: 'BackendTLSPolicies of v1alpha3 are not read any more',
      change:
        'Only BackendTLSPolicy v1 is read, and it is read without PILOT_ENABLE_ALPHA_GATEWAY_API.',
      remedy:
        'Install the Gateway API 1.4 or newer before the upgrade, and look whether policies that were ignored so far are meant to work.',
      severity: 'consent',
      link: upgradeNotesOf(28),
      detector: {
        reads: ['alphaBackendTlsPolicies', 'definitions'],
        detect: world =>
          servesStable(world.lists.definitions as CustomResourceDefinition[])
            ? []
            : hits(world, 'alphaBackendTlsPolicies'),
      },
    },
    {
      id: 'metric-rotation',
      title: 'Expiry of metrics by rotation is gone',
      change:
        'istiod ignores METRIC_ROTATION_INTERVAL and METRIC_GRACEFUL_DELETION_INTERVAL.',
      remedy:
        'Use annotation sidecar.istio.io/statsEvictionInterval on the pods instead.',
      severity: 'warning',
      link: upgradeNotesOf(28),
      detector: {
        reads: ['istiods'],
        detect: world =>
          istiodsWith(world, [
            'METRIC_ROTATION_INTERVAL',
            'METRIC_GRACEFUL_DELETION_INTERVAL',
          ]),
      },
    },
    {
      id: 'gateway-spans',
      title: 'Gateways trace every request upstream as a span of its own',
      change:
        'PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY is true by default, so that traces through gateways get more spans.',
      remedy:
        'Expect more spans; set the variable to false where 1.28 to 1.30 should trace as before.',
      severity: 'warning',
      link: changeNotesOf(28),
      detector: {
        reads: ['telemetries', 'istiods'],
        detect: world =>
          keepsFormer(world, 'PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY', 'false')
            ? []
            : hits(
                world,
                'telemetries',
                ({ spec }) => at(spec, 'tracing') !== undefined,
              ),
      },
    },
    {
      id: 'seccomp-profile',
      title: 'Proxies can run with a seccomp profile',
      change:
        'global.proxy.seccompProfile sets the profile of the containers istio-proxy and istio-validation; nothing changes without it.',
      remedy: 'Set its type to RuntimeDefault if it is wanted.',
      severity: 'info',
      link: upgradeNotesOf(28),
    },
  ],
};

function servesStable(definitions: CustomResourceDefinition[]): boolean {
  return definitions.some(
    ({ metadata, spec }) =>
      metadata.name === POLICIES &&
      spec.versions.some(({ name, served }) => name === 'v1' && served),
  );
}
