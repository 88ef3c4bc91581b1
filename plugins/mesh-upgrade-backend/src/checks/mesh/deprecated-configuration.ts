import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { analysisLink } from '../configuration/analysisLink';
import {
  ALPHA_ANNOTATIONS,
  DEPRECATED_ANNOTATIONS,
  type DeprecatedAnnotation,
} from '../configuration/annotations';
import {
  DEPRECATED_FIELDS,
  type DeprecatedField,
  type Spec,
} from '../configuration/deprecatedFields';
import { minorNumber } from '../configuration/hop';
import { checkedObject, count, nameAll } from '../configuration/objects';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  DAEMON_SETS,
  DEPLOYMENTS,
  NAMESPACES,
  SERVICES,
  STATEFUL_SETS,
  type CustomResourceDefinition,
  type TemplatedWorkload,
} from '../configuration/resources';
import type { ClusterCheckContext, MeshCheck } from '../types';

/** An object with the annotations that are on it and on the pods it makes. */
export interface Annotated {
  object: CheckedObject;
  annotations: Record<string, string>;
  labels: Record<string, string>;
}

interface World {
  cluster: string;
  targetVersion: string;
  annotated: Annotated[];
  /** Objects that use each deprecated field. */
  fields: { field: DeprecatedField; objects: CheckedObject[] }[];
  definitions: CustomResourceDefinition[];
}

/** Annotations, fields and kinds that go away, or are gone, on the way to the target. */
export function deprecatedConfiguration(): MeshCheck {
  return {
    id: 'deprecated-configuration',
    title: 'Deprecated configuration',
    worst: 'warning',
    scope: 'cluster',
    async run(context) {
      const { cluster, targetVersion, list } = context;
      const [annotated, fields, definitions] = await Promise.all([
        readAnnotated(context),
        Promise.all(DEPRECATED_FIELDS.map(field => readUses(field, context))),
        list<CustomResourceDefinition>(CUSTOM_RESOURCE_DEFINITIONS),
      ]);
      return judgeDeprecated({
        cluster: cluster.cluster,
        targetVersion,
        annotated,
        fields,
        definitions,
      });
    },
  };
}

async function readAnnotated({
  list,
}: Pick<ClusterCheckContext, 'list'>): Promise<Annotated[]> {
  const [plain, templated] = await Promise.all([
    Promise.all(
      [
        { kind: 'Namespace', resource: NAMESPACES },
        { kind: 'Service', resource: SERVICES },
      ].map(async ({ kind, resource }) =>
        (
          await list<KubernetesObject>(resource)
        ).map(each => annotatedObject(kind, each)),
      ),
    ),
    Promise.all(
      [
        { kind: 'Deployment', resource: DEPLOYMENTS },
        { kind: 'StatefulSet', resource: STATEFUL_SETS },
        { kind: 'DaemonSet', resource: DAEMON_SETS },
      ].map(async ({ kind, resource }) =>
        (
          await list<TemplatedWorkload>(resource)
        ).map(each => annotatedWorkload(kind, each)),
      ),
    ),
  ]);
  return [...plain, ...templated].flat();
}

function annotatedObject(kind: string, object: KubernetesObject): Annotated {
  const { annotations = {}, labels = {} } = object.metadata;
  return { object: checkedObject(kind, object), annotations, labels };
}

/** With the annotations of the pods it makes, which are what the injector reads. */
export function annotatedWorkload(
  kind: string,
  workload: TemplatedWorkload,
): Annotated {
  const template = workload.spec?.template?.metadata;
  const own = annotatedObject(kind, workload);
  return {
    ...own,
    annotations: { ...own.annotations, ...template?.annotations },
    labels: { ...own.labels, ...template?.labels },
  };
}

async function readUses(
  field: DeprecatedField,
  { list }: Pick<ClusterCheckContext, 'list'>,
) {
  const items = await list<KubernetesObject & { spec?: Spec }>(field.resource);
  return {
    field,
    objects: items
      .filter(({ spec }) => field.isUsed(spec ?? {}))
      .map(item => checkedObject(field.kind, item)),
  };
}

/** Judges what a cluster uses of what is deprecated. */
export function judgeDeprecated(world: World): Finding[] {
  const { cluster, targetVersion } = world;
  const findings = [
    ...DEPRECATED_ANNOTATIONS.flatMap(each => annotationUses(each, world)),
    ...world.fields.flatMap(fieldUses),
    ...removedKinds(world.definitions),
    ...alphaUses(world.annotated),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          title: `${cluster} uses nothing deprecated that is known here`,
          object: `cluster ${cluster}`,
          observed: 'No deprecated annotation, field or kind',
          expected: `Nothing that Istio ${targetVersion} has deprecated`,
        }),
      ];
}

function annotationUses(
  { name, goneSince, instead }: DeprecatedAnnotation,
  { annotated, targetVersion }: World,
): Finding[] {
  const objects = annotated
    .filter(
      ({ annotations, labels }) =>
        Object.hasOwn(annotations, name) &&
        // Whoever has both keeps the annotation for older control planes.
        !(name === 'sidecar.istio.io/inject' && Object.hasOwn(labels, name)),
    )
    .map(({ object }) => object);
  if (objects.length === 0) {
    return [];
  }
  const isGone =
    goneSince !== undefined &&
    (minorNumber(targetVersion) ?? goneSince) >= goneSince;
  return [
    (isGone ? warning : info)({
      title: isGone
        ? `Istio ${targetVersion} ignores annotation ${name} of ${count(
            objects.length,
            'object',
          )}`
        : `Deprecated annotation ${name} on ${count(objects.length, 'object')}`,
      object: nameAll(objects),
      observed: `Annotation ${name}`,
      expected: `Instead: ${instead}`,
      remedy: isGone
        ? `Use ${instead}.`
        : `Use ${instead}, before a release ignores the annotation.`,
      objects,
      link: analysisLink('IST0135'),
    }),
  ];
}

function fieldUses({ field, objects }: World['fields'][number]): Finding[] {
  return objects.length === 0
    ? []
    : [
        warning({
          title: `Deprecated field ${field.field} in ${count(
            objects.length,
            field.kind,
          )}`,
          object: nameAll(objects),
          observed: `Field ${field.field}`,
          expected: `Instead: ${field.instead}`,
          remedy: `Use ${field.instead}.`,
          objects,
          link: analysisLink(field.code),
        }),
      ];
}

const REMOVED_GROUP = 'rbac.istio.io';

function removedKinds(definitions: CustomResourceDefinition[]): Finding[] {
  const objects = definitions
    .filter(({ spec }) => spec.group === REMOVED_GROUP)
    .map(each => checkedObject('CustomResourceDefinition', each));
  return objects.length === 0
    ? []
    : [
        warning({
          title: `Kinds of ${REMOVED_GROUP} are still defined`,
          object: nameAll(objects),
          observed: count(objects.length, 'definition'),
          expected: 'AuthorizationPolicy',
          remedy:
            'Remove the definitions, and with them their objects: no supported Istio reads them.',
          objects,
          link: analysisLink('IST0002'),
        }),
      ];
}

/** One finding for all of them: that they are many is no reason to worry. */
function alphaUses(annotated: Annotated[]): Finding[] {
  const uses = annotated.flatMap(({ object, annotations }) => {
    const names = Object.keys(annotations).filter(name =>
      ALPHA_ANNOTATIONS.has(name),
    );
    return names.length > 0 ? [{ object, names }] : [];
  });
  const names = [...new Set(uses.flatMap(each => each.names))].sort();
  const objects = uses.map(({ object }) => object);
  return uses.length === 0
    ? []
    : [
        info({
          title: `Annotations of alpha quality on ${count(
            objects.length,
            'object',
          )}`,
          object: nameAll(objects),
          observed: names.join(', '),
          expected: 'Looked at after the upgrade',
          remedy:
            'Istio does not promise to keep them; look on one workload whether they still work.',
          objects,
          link: analysisLink('IST0136'),
        }),
      ];
}
