import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  info,
  passed,
  undecided,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { coerce, lt } from 'semver';
import type { KubernetesObject } from '../../clusters/types';
import { analysisLink } from '../configuration/analysisLink';
import { servedVersions } from '../configuration/definitions';
import {
  GATEWAY_API_GROUP,
  gatewayApiNeeds,
  PRECHECK_BETA_KINDS,
  PRECHECK_STABLE_KINDS,
  type GatewayApiNeeds,
} from '../configuration/gatewayApi';
import { minorNumber } from '../configuration/hop';
import { checkedObject, count, nameAll } from '../configuration/objects';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  type CustomResourceDefinition,
} from '../configuration/resources';
import type { MeshCheck } from '../types';

const KIND = 'CustomResourceDefinition';
const BUNDLE = 'gateway.networking.k8s.io/bundle-version';
const CHANNEL = 'gateway.networking.k8s.io/channel';

interface World {
  cluster: string;
  targetVersion: string;
  /** Those of the Gateway API. */
  definitions: CustomResourceDefinition[];
  /** Objects by the name of their definition; those that are not asked for are absent. */
  objects: Map<string, CheckedObject[]>;
}

/** Whether the target still sees every object of the Gateway API. */
export function gatewayApiVersion(): MeshCheck {
  return {
    id: 'gateway-api-version',
    title: 'Version of the Gateway API',
    worst: 'consent',
    scope: 'cluster',
    async run({ cluster, targetVersion, list }) {
      const definitions = (
        await list<CustomResourceDefinition>(CUSTOM_RESOURCE_DEFINITIONS)
      ).filter(({ spec }) => spec.group === GATEWAY_API_GROUP);
      const needs = gatewayApiNeeds(minorNumber(targetVersion));
      const objects = await Promise.all(
        definitions
          .filter(each => needs !== undefined && isUnseen(each, needs))
          .map(async definition => {
            const { names } = definition.spec;
            const items = await list<KubernetesObject>({
              group: GATEWAY_API_GROUP,
              version: servedVersions(definition)[0] ?? 'v1',
              resource: names.plural,
            });
            return [
              definition.metadata.name,
              items.map(item => checkedObject(names.kind, item)),
            ] as const;
          }),
      );
      return judgeGatewayApi({
        cluster: cluster.cluster,
        targetVersion,
        definitions,
        objects: new Map(objects),
      });
    },
  };
}

/** Judges the definitions of the Gateway API that a cluster has. */
export function judgeGatewayApi(world: World): Finding[] {
  const { cluster, targetVersion, definitions } = world;
  const object = `Gateway API of ${cluster}`;
  const needs = gatewayApiNeeds(minorNumber(targetVersion));
  if (definitions.length === 0) {
    return [
      passed({
        title: `${cluster} does not use the Gateway API`,
        object,
        observed: 'Not installed',
        expected: 'Not installed, or as new as Istio needs it',
      }),
    ];
  }
  const findings = [
    ...(needs ? unseen(world, needs) : [noNeeds(world)]),
    ...unservedForPrecheck(world, needs),
    ...mixedChannels(world),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          title: `Istio ${targetVersion} sees the Gateway API of ${cluster}`,
          object,
          observed: describeBundles(definitions),
          expected: `At least what Istio ${targetVersion} needs; it was built with ${
            needs!.builtWith
          }`,
        }),
      ];
}

function noNeeds({ cluster, targetVersion, definitions }: World): Finding {
  return undecided({
    title: `What Istio ${targetVersion} needs of the Gateway API is not known here`,
    object: `Gateway API of ${cluster}`,
    observed: describeBundles(definitions),
    expected: 'A release that the target reads',
    remedy: `Read the upgrade notes of Istio ${targetVersion}.`,
    blocks: false,
  });
}

/** Definitions too old for istiod to look at, in order of their names. */
function unseen(world: World, needs: GatewayApiNeeds): Finding[] {
  const { targetVersion, definitions, objects } = world;
  return definitions
    .filter(definition => isUnseen(definition, needs))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map(definition => {
      const { name } = definition.metadata;
      const { kind } = definition.spec.names;
      const hit = objects.get(name) ?? [];
      const isTooOld = isBelowMinimum(definition, needs);
      return (hit.length > 0 ? consent : warning)({
        title: `Istio ${targetVersion} does not see ${
          hit.length > 0 ? count(hit.length, kind) : `any ${kind}`
        }`,
        object: `${KIND} ${name}`,
        observed: [
          isTooOld
            ? `Of Gateway API ${bundleOf(definition)}`
            : `Serves ${servedVersions(definition).join(', ') || 'no version'}`,
          ...(hit.length > 0 ? [`used by ${nameAll(hit)}`] : []),
        ].join('; '),
        expected: isTooOld
          ? `At least Gateway API ${needs.minimums[name]}`
          : `Serves ${needs.reads[kind]}`,
        remedy: `Install the definitions of Gateway API ${needs.builtWith} before the upgrade; istiod drops the objects of an older one without an error.`,
        objects: hit.length > 0 ? hit : [checkedObject(KIND, definition)],
        link: isTooOld ? analysisLink('IST0176') : undefined,
      });
    });
}

/** What `istioctl x precheck` asks of every installation; it matters when the target reads that version. */
function unservedForPrecheck(
  { definitions, targetVersion }: World,
  needs: GatewayApiNeeds | undefined,
): Finding[] {
  return (
    [
      [PRECHECK_BETA_KINDS, 'v1beta1', 'IST0156'],
      [PRECHECK_STABLE_KINDS, 'v1', 'IST0172'],
    ] as const
  ).flatMap(([kinds, version, code]) => {
    const hit = definitions.filter(
      definition =>
        kinds.includes(definition.spec.names.kind) &&
        !servedVersions(definition).includes(version),
    );
    if (hit.length === 0) {
      return [];
    }
    const objects = hit.map(definition => checkedObject(KIND, definition));
    const isRead = hit.some(
      ({ spec }) =>
        needs === undefined || needs.reads[spec.names.kind] === version,
    );
    return [
      (isRead ? warning : info)({
        title: `Not served as ${version}: ${count(
          hit.length,
          'kind',
        )} of the Gateway API`,
        object: nameAll(objects),
        observed: hit
          .map(
            definition =>
              `${definition.spec.names.kind} as ${
                servedVersions(definition).join(', ') || 'no version'
              }`,
          )
          .join('; '),
        expected: `${version} is served`,
        remedy: isRead
          ? 'Install newer definitions of the Gateway API.'
          : `Nothing: Istio ${targetVersion} reads another version of them. istioctl x precheck asks for this one all the same.`,
        objects,
        link: analysisLink(code),
      }),
    ];
  });
}

function mixedChannels({ cluster, definitions }: World): Finding[] {
  const channels = new Set(
    definitions
      .map(({ metadata }) => metadata.annotations?.[CHANNEL])
      .filter(channel => channel !== undefined),
  );
  const bundles = new Set(definitions.map(bundleOf));
  return channels.size > 1 || bundles.size > 1
    ? [
        info({
          title: `${cluster} mixes releases or channels of the Gateway API`,
          object: `Gateway API of ${cluster}`,
          observed: describeBundles(definitions),
          expected: 'One release and channel',
          remedy: 'Install all definitions from one release and channel.',
        }),
      ]
    : [];
}

function isUnseen(
  definition: CustomResourceDefinition,
  needs: GatewayApiNeeds,
): boolean {
  const reads = needs.reads[definition.spec.names.kind];
  return (
    isBelowMinimum(definition, needs) ||
    (reads !== undefined && !servedVersions(definition).includes(reads))
  );
}

/** As istiod compares: a pre-release counts as its release. */
function isBelowMinimum(
  definition: CustomResourceDefinition,
  { minimums }: GatewayApiNeeds,
): boolean {
  const minimum = minimums[definition.metadata.name];
  const installed = coerce(definition.metadata.annotations?.[BUNDLE]);
  return minimum !== undefined && installed !== null && lt(installed, minimum);
}

function bundleOf({ metadata }: CustomResourceDefinition): string {
  return metadata.annotations?.[BUNDLE] ?? 'of unknown release';
}

function describeBundles(definitions: CustomResourceDefinition[]): string {
  const bundles = definitions.map(definition =>
    [bundleOf(definition), definition.metadata.annotations?.[CHANNEL]]
      .filter(Boolean)
      .join(' '),
  );
  return `Gateway API ${[...new Set(bundles)].sort().join(', ')}`;
}
