import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { at } from '../configuration/deprecatedFields';
import { hits, isAmbient, istiodsWith, keepsFormer } from './evidence';
import { changeNotesOf, upgradeNotesOf } from './links';
import type { MinorNotes, NoteWorld } from './types';

const LINK = upgradeNotesOf(31);

/** Registries to which no image of 1.31 or newer is published. */
const RETIRED_REGISTRIES = ['gcr.io/istio-release', 'registry.istio.io'];
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

export const istio131: MinorNotes = {
  minor: 31,
  notes: [
    {
      id: 'retired-registries',
      title: 'Two registries hold no images of 1.31',
      change:
        'Images are no longer published to gcr.io/istio-release and registry.istio.io, nor charts to istio-release.storage.googleapis.com; images are on Docker Hub, charts at ghcr.io/istio/release/charts and blob.istio.io.',
      remedy:
        'Set the hub to docker.io/istio or to a mirror of your own before the upgrade.',
      severity: 'consent',
      link: LINK,
      detector: { reads: [], detect: onRetiredRegistries },
    },
    {
      id: 'auto-registered-workload-entries',
      title: 'Ambient: registered machines stay in plain text',
      change:
        'The label that asks for HBONE is set when a WorkloadEntry is registered; those registered before the upgrade are reached in plain text.',
      remedy:
        'Let the machines register again, or label their WorkloadEntries networking.istio.io/tunnel=http.',
      severity: 'warning',
      link: LINK,
      detector: {
        reads: ['workloadEntries'],
        detect: world =>
          isAmbient(world)
            ? hits(
                world,
                'workloadEntries',
                ({ metadata: { annotations = {}, labels = {} } }) =>
                  annotations['istio.io/autoRegistrationGroup'] !== undefined &&
                  labels['networking.istio.io/tunnel'] === undefined,
              )
            : [],
      },
    },
    {
      id: 'gateway-spans-always',
      title: 'Gateways can no longer be told to trace without extra spans',
      change:
        'PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY is ignored; what it switched on is always on.',
      remedy: 'Take the variable out of your values and expect the spans.',
      severity: 'warning',
      link: LINK,
      detector: {
        reads: ['istiods'],
        detect: world =>
          istiodsWith(world, ['PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY']),
      },
    },
    {
      id: 'strict-gateway-merging',
      title: 'Gateways of other namespaces do not join a managed gateway',
      change:
        'An Istio Gateway is no longer merged into a gateway that istiod deployed for a Gateway of the Gateway API in another namespace.',
      remedy:
        'Move them to the namespace of the gateway they select, or set PILOT_ENABLE_STRICT_GATEWAY_MERGING=false on istiod.',
      severity: 'consent',
      link: changeNotesOf(31),
      detector: {
        reads: ['istioGateways', 'gateways', 'istiods'],
        detect: world =>
          keepsFormer(world, 'PILOT_ENABLE_STRICT_GATEWAY_MERGING', 'false')
            ? []
            : gatewaysOfOthers(world),
      },
    },
    {
      id: 'unhealthy-endpoints',
      title: 'Proxies learn of unhealthy endpoints too',
      change:
        'istiod sends endpoints that are not ready as well, except for hosts whose outlier detection sets minHealthPercent. Proxies do not send traffic to them.',
      remedy:
        'PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS=false on istiod keeps the former behaviour.',
      severity: 'info',
      link: LINK,
    },
    {
      id: 'large-ambient-meshes',
      title: 'Ambient: ztunnels ask more when they reconnect',
      change:
        'A ztunnel that reconnects names every workload and its version. From about 40,000 workloads on, istiod refuses the message as too large.',
      remedy:
        'In meshes of that size raise ISTIO_GPRC_MAXRECVMSGSIZE on istiod, by about 1 MiB for 10,000 workloads and services.',
      severity: 'info',
      link: LINK,
    },
    {
      id: 'xds-api-generator',
      title:
        'Istio configuration over XDS needs an identity of the control plane',
      change:
        'Consumers of the api generator of istiod outside its namespace are refused; proxies and ztunnels are not concerned.',
      remedy:
        'ENABLE_XDS_API_GENERATOR_AUTH=false on istiod keeps the former behaviour.',
      severity: 'info',
      link: LINK,
    },
  ],
};

function onRetiredRegistries({ mesh, cluster }: NoteWorld): CheckedObject[] {
  return mesh.clusters
    .filter(each => each.cluster === cluster)
    .flatMap(({ controlPlanes }) => controlPlanes)
    .filter(({ image }) =>
      RETIRED_REGISTRIES.some(registry => image.startsWith(`${registry}/`)),
    )
    .map(({ namespace, name }) => ({ kind: 'Deployment', namespace, name }));
}

function gatewaysOfOthers(world: NoteWorld): CheckedObject[] {
  const namespacesOf = new Map<string, Set<string>>();
  for (const { metadata } of world.lists.gateways) {
    namespacesOf.set(
      metadata.name,
      (namespacesOf.get(metadata.name) ?? new Set()).add(
        metadata.namespace ?? '',
      ),
    );
  }
  return hits(world, 'istioGateways', ({ metadata, spec }) => {
    const selected = at(spec, 'selector', GATEWAY_NAME);
    const namespaces =
      typeof selected === 'string' ? namespacesOf.get(selected) : undefined;
    return (
      namespaces !== undefined && !namespaces.has(metadata.namespace ?? '')
    );
  });
}
