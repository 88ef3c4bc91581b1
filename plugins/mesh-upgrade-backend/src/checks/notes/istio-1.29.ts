import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { at, policiesOf, type Spec } from '../configuration/deprecatedFields';
import {
  hits,
  isAmbient,
  istiodsWith,
  keepsFormer,
  workloadsWith,
} from './evidence';
import type { NoteObject } from './reads';
import { upgradeNotesOf } from './links';
import type { MinorNotes, NoteWorld } from './types';

const LINK = upgradeNotesOf(29);

export const istio129: MinorNotes = {
  minor: 29,
  notes: [
    {
      id: 'stats-compression',
      title: 'Proxies compress their metrics, and an annotation is gone',
      change:
        'Metrics of proxies are compressed when the scraper accepts it. Annotation sidecar.istio.io/statsCompression is ignored; the option statsCompression of the proxy configuration replaces it.',
      remedy:
        'Set statsCompression in annotation proxy.istio.io/config where the former annotation was meant to change something.',
      severity: 'warning',
      link: LINK,
      detector: {
        reads: ['deployments', 'statefulSets', 'daemonSets'],
        detect: world =>
          workloadsWith(world, 'sidecar.istio.io/statsCompression'),
      },
    },
    {
      id: 'ambient-dns-capture',
      title: 'Ambient: DNS of workloads is captured by default',
      change:
        'New ambient pods send their DNS requests through ztunnel; pods that run get it with their restart, or when the CNI agent reconciles their rules.',
      remedy:
        'Set ambient.dnsCapture of chart cni explicitly if it has to stay off.',
      severity: 'warning',
      link: LINK,
      detector: {
        reads: ['cniConfigs'],
        detect: world => ambientWithout(world, 'AMBIENT_DNS_CAPTURE'),
      },
    },
    {
      id: 'ambient-dry-run-authorization',
      title: 'Ambient: older ztunnels enforce dry-run policies',
      change:
        'With AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY istiod sends dry-run AuthorizationPolicies to ztunnels; those older than 1.29 enforce them.',
      remedy: 'Leave the variable off until every ztunnel runs 1.29 or newer.',
      severity: 'consent',
      link: LINK,
      detector: {
        reads: ['authorizationPolicies', 'istiods'],
        detect: world =>
          isAmbient(world) &&
          istiodsWith(
            world,
            ['AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY'],
            'true',
          ).length > 0
            ? hits(
                world,
                'authorizationPolicies',
                ({ metadata }) =>
                  metadata.annotations?.['istio.io/dry-run'] === 'true',
              )
            : [],
      },
    },
    {
      id: 'debug-endpoint-authorization',
      title: 'Debug endpoints of istiod ask who is calling',
      change:
        'Callers outside the namespace of istiod see config_dump, ndsz and edsz of proxies in their own namespace and nothing else.',
      remedy:
        'Name the namespaces of such tools in DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES, or set ENABLE_DEBUG_ENDPOINT_AUTH=false.',
      severity: 'warning',
      link: LINK,
      detector: {
        reads: ['deployments', 'istiods'],
        detect: world =>
          keepsFormer(world, 'ENABLE_DEBUG_ENDPOINT_AUTH', 'false')
            ? []
            : hits(
                world,
                'deployments',
                deployment =>
                  isKiali(deployment) &&
                  !world.lists.istiods.some(
                    istiod =>
                      istiod.metadata.namespace ===
                      deployment.metadata.namespace,
                  ),
              ),
      },
    },
    {
      id: 'circuit-breaker-metrics',
      title: 'What circuit breakers have left is not counted any more',
      change:
        'Proxies no longer track the remaining capacity of circuit breakers by default, to save memory.',
      remedy:
        'If dashboards or alerts use the metrics of remaining capacity, set DISABLE_TRACK_REMAINING_CB_METRICS=false on istiod.',
      severity: 'warning',
      link: LINK,
      detector: {
        reads: ['destinationRules', 'istiods'],
        detect: world =>
          keepsFormer(world, 'DISABLE_TRACK_REMAINING_CB_METRICS', 'false')
            ? []
            : hits(world, 'destinationRules', ({ spec }) =>
                policiesOf((spec ?? {}) as Spec).some(
                  policy => at(policy, 'connectionPool') !== undefined,
                ),
              ),
      },
    },
    {
      id: 'ambient-reconcile',
      title: 'Ambient: rules of running pods are brought up to date',
      change:
        'A new CNI agent changes the iptables or nftables rules inside ambient pods that run, where they differ from what it would set up.',
      remedy:
        'Set ambient.reconcileIptablesOnStartup=false of chart cni if running pods must not be touched.',
      severity: 'warning',
      link: LINK,
      detector: {
        reads: ['cniConfigs'],
        detect: world =>
          ambientWithout(world, 'AMBIENT_RECONCILE_POD_RULES_ON_STARTUP'),
      },
    },
  ],
};

/** Configurations of an ambient CNI in which a setting is not on so far. */
function ambientWithout(world: NoteWorld, setting: string): CheckedObject[] {
  return hits(
    world,
    'cniConfigs',
    ({ data }) => data?.AMBIENT_ENABLED === 'true' && data[setting] !== 'true',
  );
}

function isKiali({ metadata: { labels = {} } }: NoteObject): boolean {
  return labels.app === 'kiali' || labels['app.kubernetes.io/name'] === 'kiali';
}
