import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { isFilledInByIstiod } from '../../inventory/rules/image';
import { analysisLink } from '../configuration/analysisLink';
import {
  checkedObject,
  count,
  nameAll,
  nameOf,
} from '../configuration/objects';
import {
  DEPLOYMENTS,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  SERVICES,
  type MutatingWebhookConfiguration,
  type TemplatedWorkload,
} from '../configuration/resources';
import {
  callingConfigurations,
  isOfIstio,
  selectedNamespaces,
  webhookOverlaps,
  type WebhookOverlap,
} from '../configuration/webhookOverlaps';
import type { MeshCheck } from '../types';

const KIND = 'MutatingWebhookConfiguration';
const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';
const DATAPLANE_MODE = 'istio.io/dataplane-mode';
const PROXY = 'istio-proxy';

interface World {
  cluster: string;
  configurations: MutatingWebhookConfiguration[];
  namespaces: KubernetesObject[];
  services: KubernetesObject[];
  deployments: TemplatedWorkload[];
}

/** Whether exactly one injector is called for every pod that is to be injected, and can be. */
export function injectorWebhooks(): MeshCheck {
  return {
    id: 'injector-webhooks',
    title: 'Sidecar injectors',
    worst: 'consent',
    scope: 'cluster',
    async run({ cluster, list }) {
      const [configurations, namespaces, services, deployments] =
        await Promise.all([
          list<MutatingWebhookConfiguration>(MUTATING_WEBHOOKS),
          list<KubernetesObject>(NAMESPACES),
          list<KubernetesObject>(SERVICES),
          list<TemplatedWorkload>(DEPLOYMENTS),
        ]);
      return judgeInjectorWebhooks({
        cluster: cluster.cluster,
        configurations,
        namespaces,
        services,
        deployments,
      });
    },
  };
}

/** Judges the injectors of a cluster. */
export function judgeInjectorWebhooks(world: World): Finding[] {
  const { cluster, configurations } = world;
  const findings = [
    ...overlaps(world),
    ...goneServices(world),
    ...oddUrls(configurations),
    ...twiceLabelled(world),
    ...neverInjected(world),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          title: `Injectors of ${cluster} do not get in each other's way`,
          object: `cluster ${cluster}`,
          observed: count(configurations.filter(isOfIstio).length, KIND),
          expected: 'At most one injector for every pod',
        }),
      ];
}

/** By pair of configurations, and of those with live namespaces first. */
function overlaps(world: World): Finding[] {
  const byPair = new Map<string, WebhookOverlap[]>();
  for (const overlap of webhookOverlaps(world.configurations)) {
    const pair = overlap.injectors.map(each => each.configuration).sort();
    const key = pair.join(' ');
    byPair.set(key, [...(byPair.get(key) ?? []), overlap]);
  }
  return [...byPair.values()].map(found => overlapOf(found, world));
}

function overlapOf(
  [first, ...more]: WebhookOverlap[],
  { configurations, namespaces }: World,
): Finding {
  const names = [
    ...new Set(first.injectors.map(each => each.configuration)),
  ].sort();
  const hit = namespaces.filter(({ metadata }) => {
    const calling = callingConfigurations(
      configurations,
      metadata.labels ?? {},
      {},
    );
    return names.length > 1 && names.every(name => calling.includes(name));
  });
  const objects = names.map((name): CheckedObject => ({ kind: KIND, name }));
  return (hit.length > 0 ? consent : warning)({
    title:
      hit.length > 0
        ? `Two injectors are called for pods of ${count(
            hit.length,
            'namespace',
          )}`
        : 'Two injectors are called for the same pods',
    object: nameAll(objects),
    observed: [
      `${first.injectors
        .map(each => each.webhook)
        .join(' and ')} for pods ${describeLabels(
        first.podLabels,
      )} in namespaces ${describeLabels(first.namespaceLabels)}${
        more.length > 0 ? `, and ${more.length} more pairs` : ''
      }`,
      ...(hit.length > 0
        ? [nameAll(hit.map(each => checkedObject('Namespace', each)))]
        : []),
    ].join('; '),
    expected: 'At most one injector for every pod',
    remedy:
      'Decide which revision serves them and remove or narrow the other configuration: istioctl install and istioctl tag refuse to go on, and pods may be injected by a revision nobody meant.',
    objects: [...objects, ...hit.map(each => checkedObject('Namespace', each))],
    link: analysisLink('IST0139'),
  });
}

/** Injectors whose istiod has gone: with failurePolicy Fail no pod can be created that they select. */
function goneServices(world: World): Finding[] {
  const known = new Set(
    world.services.map(
      ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
    ),
  );
  return world.configurations.filter(isOfIstio).flatMap(configuration => {
    const gone = (configuration.webhooks ?? []).filter(({ clientConfig }) => {
      const { service } = clientConfig;
      return service && !known.has(`${service.namespace}/${service.name}`);
    });
    if (gone.length === 0) {
      return [];
    }
    const { namespace, name } = gone[0].clientConfig.service!;
    const hit = selectedNamespaces(configuration, world.namespaces);
    const objects = [checkedObject(KIND, configuration), ...hit];
    return [
      (hit.length > 0 ? consent : warning)({
        title: `An injector calls Service ${namespace}/${name}, which does not exist`,
        object: nameOf(objects[0]),
        observed: [
          `No Service ${namespace}/${name}; failurePolicy ${
            gone[0].failurePolicy ?? 'Fail'
          }`,
          hit.length > 0 ? `selects ${nameAll(hit)}` : 'selects no namespace',
        ].join('; '),
        expected: 'Services that exist',
        remedy:
          'Move the namespaces to a revision that exists, then remove the configuration: while it is there, pods it selects are refused, or start without a sidecar.',
        objects,
        link: analysisLink('IST0139'),
      }),
    ];
  });
}

function oddUrls(configurations: MutatingWebhookConfiguration[]): Finding[] {
  return configurations.filter(isOfIstio).flatMap(configuration => {
    const object = checkedObject(KIND, configuration);
    const nowhere = (configuration.webhooks ?? []).filter(
      ({ clientConfig: { service, url } }) =>
        !service && (url === undefined || !URL.canParse(url)),
    );
    return nowhere.length === 0
      ? []
      : [
          warning({
            title: `${nameOf(object)} calls nobody`,
            object: nameOf(object),
            observed: nowhere
              .map(
                ({ name, clientConfig }) =>
                  `${name}: ${clientConfig.url ?? 'neither Service nor URL'}`,
              )
              .join('; '),
            expected: 'A Service, or the URL of an external control plane',
            remedy: 'Correct the address of the control plane or remove it.',
            objects: [object],
            link: analysisLink('IST0163'),
          }),
        ];
  });
}

/** The older label wins silently, so that moving such a namespace to a revision does nothing. */
function twiceLabelled({ namespaces }: World): Finding[] {
  const objects = namespaces
    .filter(({ metadata: { name, labels = {} } }) => {
      const injection = labels[INJECTION];
      const others = [REVISION, DATAPLANE_MODE].filter(
        label =>
          labels[label] !== undefined &&
          (injection === undefined || injection === 'enabled'),
      );
      return (
        name !== 'istio-system' &&
        others.length + Number(injection !== undefined) > 1
      );
    })
    .map(each => checkedObject('Namespace', each));
  return objects.length === 0
    ? []
    : [
        warning({
          title: `${count(
            objects.length,
            'namespace',
          )} asked for Istio in more than one way`,
          object: nameAll(objects),
          observed: `More than one of the labels ${INJECTION}, ${REVISION} and ${DATAPLANE_MODE}`,
          expected: 'One of them',
          remedy: `Remove all but the one that is meant; ${INJECTION}=enabled wins over ${REVISION}.`,
          objects,
          link: analysisLink('IST0123'),
        }),
      ];
}

/** Their pods would try to run an image called `auto`. */
function neverInjected(world: World): Finding[] {
  const labelsOf = new Map(
    world.namespaces.map(({ metadata }) => [
      metadata.name,
      metadata.labels ?? {},
    ]),
  );
  const objects = world.deployments
    .filter(({ metadata, spec }) => {
      const template = spec?.template;
      const isToBeInjected = template?.spec?.containers?.some(
        ({ name, image }) =>
          name === PROXY && image !== undefined && isFilledInByIstiod(image),
      );
      return (
        isToBeInjected &&
        callingConfigurations(
          world.configurations,
          labelsOf.get(metadata.namespace ?? '') ?? {},
          template?.metadata?.labels ?? {},
        ).length === 0
      );
    })
    .map(each => checkedObject('Deployment', each));
  return objects.length === 0
    ? []
    : [
        warning({
          title: `No injector fills in the proxy of ${count(
            objects.length,
            'Deployment',
          )}`,
          object: nameAll(objects),
          observed: `Container ${PROXY} with image auto, selected by no injector`,
          expected: 'An injector for them',
          remedy:
            'Label the namespace or the pod template so that a revision injects them; their new pods cannot start.',
          objects,
          link: analysisLink('IST0146'),
        }),
      ];
}

function describeLabels(labels: Record<string, string>): string {
  const all = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return all.length > 0 ? `labelled ${all.join(', ')}` : 'without labels';
}
