import { at, policiesOf, type Spec } from '../configuration/deprecatedFields';
import { hits, istiodsWith, keepsFormer } from './evidence';
import { changeNotesOf, upgradeNotesOf } from './links';
import { sharedHosts } from './sharedHosts';
import type { MinorNotes, NoteWorld } from './types';

const LINK = upgradeNotesOf(30);
const TLS_ROUTES = 'tlsroutes.gateway.networking.k8s.io';

export const istio130: MinorNotes = {
  minor: 30,
  notes: [
    {
      id: 'gateway-api-1.5',
      title: 'TLSRoutes need the definitions of Gateway API 1.5',
      change:
        'istiod reads TLSRoute v1. With older definitions it sees no TLSRoute, and listeners that pass TLS through are not set up.',
      remedy: 'Install Gateway API 1.5 before the upgrade.',
      severity: 'consent',
      link: LINK,
      detector: {
        reads: ['alphaTlsRoutes', 'definitions'],
        detect: world =>
          world.lists.definitions.some(
            ({ metadata, spec }) =>
              metadata.name === TLS_ROUTES && servesStable(spec),
          )
            ? []
            : hits(world, 'alphaTlsRoutes'),
      },
    },
    {
      id: 'service-namespace',
      title: 'Hosts that several namespaces have resolve differently',
      change:
        'When a host exists in several namespaces, sidecars prefer the Kubernetes Service and then the oldest entry; before it was the first namespace by alphabet.',
      remedy:
        'See whether traffic to these hosts should go elsewhere; PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE=false on istiod keeps the former choice.',
      severity: 'consent',
      link: LINK,
      detector: {
        reads: ['serviceEntries', 'services', 'istiods'],
        detect: world =>
          keepsFormer(
            world,
            'PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE',
            'false',
          )
            ? []
            : sharedHosts(world.lists.serviceEntries, world.lists.services),
      },
    },
    {
      id: 'cni-excluded-namespaces',
      title: 'Ambient: excluded namespaces leave the mesh',
      change:
        'The CNI agent respects excludeNamespaces as the CNI plugin does: ambient pods of an excluded namespace are taken out of the mesh.',
      remedy:
        'Take namespaces that should stay in the mesh out of excludeNamespaces of chart cni.',
      severity: 'consent',
      link: LINK,
      detector: {
        reads: ['cniConfigs', 'namespaces'],
        detect: excludedAmbientNamespaces,
      },
    },
    {
      id: 'retry-budget-percent',
      title: 'Retry budgets without a percentage become what they should be',
      change:
        'A retryBudget without percent allows 20 % of the requests to be retries; by a mistake it was 0.2 %.',
      remedy: 'Set percent where the former value is wanted.',
      severity: 'warning',
      link: changeNotesOf(30),
      detector: {
        reads: ['destinationRules'],
        detect: world =>
          hits(world, 'destinationRules', ({ spec }) =>
            policiesOf((spec ?? {}) as Spec).some(
              policy =>
                at(policy, 'retryBudget') !== undefined &&
                at(policy, 'retryBudget', 'percent') === undefined,
            ),
          ),
      },
    },
    {
      id: 'untaint-controller',
      title: 'The untaint controller needs one setting less',
      change:
        'taint.enabled of chart istiod sets PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS by itself.',
      remedy: 'Take the variable out of your values.',
      severity: 'info',
      link: LINK,
      detector: {
        reads: ['istiods'],
        detect: world =>
          istiodsWith(world, ['PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS']),
      },
    },
    {
      id: 'cni-file-mode',
      title: 'Only root reads the CNI configuration of a node',
      change:
        'istio-cni writes its configuration with mode 0600; before it was 0644.',
      remedy:
        'Set cni.env.CNI_CONF_GROUP_READ=true if a tool on the nodes reads it as a member of the group.',
      severity: 'info',
      link: LINK,
    },
    {
      id: 'xds-debug-authentication',
      title: 'Plain text debugging over XDS needs authentication',
      change:
        'syncz and config_dump on port 15010 need authentication, also for istioctl --plaintext.',
      remedy:
        'Use the authenticated port, or set ENABLE_DEBUG_ENDPOINT_AUTH=false on istiod.',
      severity: 'info',
      link: LINK,
    },
  ],
};

function servesStable(spec: unknown): boolean {
  const versions = at(spec, 'versions');
  return (
    Array.isArray(versions) &&
    versions.some(
      version => at(version, 'name') === 'v1' && at(version, 'served') === true,
    )
  );
}

function excludedAmbientNamespaces(world: NoteWorld) {
  const excluded = new Set(
    world.lists.cniConfigs
      .filter(({ data }) => data?.AMBIENT_ENABLED === 'true')
      .flatMap(({ data }) => data?.EXCLUDE_NAMESPACES?.split(',') ?? [])
      .map(name => name.trim()),
  );
  return hits(
    world,
    'namespaces',
    ({ metadata }) =>
      excluded.has(metadata.name) &&
      metadata.labels?.['istio.io/dataplane-mode'] === 'ambient',
  );
}
