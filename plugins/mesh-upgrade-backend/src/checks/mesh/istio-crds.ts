import {
  blocker,
  consent,
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { RELEASE_NAME } from '../../helm/releaseMarks';
import { servedVersions } from '../configuration/definitions';
import { minorNumber } from '../configuration/hop';
import { ISTIO_KINDS, type IstioKind } from '../configuration/istioKinds';
import { checkedObject, count, nameAll } from '../configuration/objects';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  type CustomResourceDefinition,
} from '../configuration/resources';
import type { MeshCheck } from '../types';

const KIND = 'CustomResourceDefinition';
const LINK = {
  title: 'Custom resource definitions of Istio',
  url: 'https://istio.io/latest/docs/setup/upgrade/helm/',
};

interface Installed {
  kind: IstioKind;
  definition: CustomResourceDefinition;
}

/** Whether the definitions of Istio's kinds are such that the target can be installed and reads everything. */
export function istioCrds(): MeshCheck {
  return {
    id: 'istio-crds',
    title: 'Definitions of Istio resources',
    worst: 'blocker',
    scope: 'cluster',
    async run({ cluster, mesh, targetVersion, list }) {
      return judgeIstioCrds({
        cluster: cluster.cluster,
        targetVersion,
        byHelm: mesh.install.method === 'helm',
        definitions: await list<CustomResourceDefinition>(
          CUSTOM_RESOURCE_DEFINITIONS,
        ),
      });
    },
  };
}

/** Judges the definitions that a cluster has. */
export function judgeIstioCrds(world: {
  cluster: string;
  targetVersion: string;
  /** Helm keeps the control plane, and takes over no objects of others. */
  byHelm: boolean;
  definitions: CustomResourceDefinition[];
}): Finding[] {
  const { cluster, targetVersion, byHelm, definitions } = world;
  const minor = minorNumber(targetVersion);
  const wanted = ISTIO_KINDS.filter(
    ({ since }) => since === undefined || minor === undefined || since <= minor,
  );
  const byName = new Map(
    definitions.map(each => [each.metadata.name, each] as const),
  );
  const installed = wanted.flatMap((kind): Installed[] => {
    const definition = byName.get(definitionName(kind));
    return definition ? [{ kind, definition }] : [];
  });
  const findings = [
    ...stuck(installed, targetVersion),
    ...unread(installed, targetVersion),
    ...missing(wanted, byName, targetVersion),
    ...(byHelm ? unowned(installed) : []),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          title: `${cluster} has the definitions that Istio ${targetVersion} reads`,
          object: `cluster ${cluster}`,
          observed: count(installed.length, KIND),
          expected: `Every kind that Istio ${targetVersion} reads, in the version it reads`,
        }),
      ];
}

/** The API server refuses a definition that lacks a version in which objects may be stored. */
function stuck(installed: Installed[], targetVersion: string): Finding[] {
  return installed.flatMap(({ kind, definition }) => {
    const strangers = (definition.status?.storedVersions ?? []).filter(
      version => !kind.versions.includes(version),
    );
    return strangers.length === 0
      ? []
      : [
          blocker({
            title: `The definition of ${kind.kind} cannot be upgraded to Istio ${targetVersion}`,
            object: `${KIND} ${definition.metadata.name}`,
            observed: `status.storedVersions names ${strangers.join(', ')}`,
            expected: `Only versions that Istio ${targetVersion} knows: ${kind.versions.join(
              ', ',
            )}`,
            remedy: `Write every ${
              kind.kind
            } once, so that it is stored in a current version, then take ${strangers.join(
              ', ',
            )} out of status.storedVersions of the definition; the API server refuses to drop a version before.`,
            objects: [checkedObject(KIND, definition)],
            link: {
              title: 'Versions in CustomResourceDefinitions',
              url: 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#upgrade-existing-objects-to-a-new-stored-version',
            },
          }),
        ];
  });
}

/** Objects exist, but not in the version that istiod asks for. */
function unread(installed: Installed[], targetVersion: string): Finding[] {
  return installed
    .filter(
      ({ kind, definition }) =>
        !servedVersions(definition).includes(kind.reads),
    )
    .map(({ kind, definition }) =>
      consent({
        title: `Istio ${targetVersion} reads ${kind.kind} as ${kind.reads}, which is not served`,
        object: `${KIND} ${definition.metadata.name}`,
        observed: `Serves ${
          servedVersions(definition).join(', ') || 'no version'
        }`,
        expected: `Serves ${kind.reads}`,
        remedy: `Apply the definitions of Istio ${targetVersion} before its istiod starts; chart base does it, and an istiod without them does not see the objects.`,
        objects: [checkedObject(KIND, definition)],
        link: LINK,
      }),
    );
}

function missing(
  wanted: IstioKind[],
  byName: Map<string, CustomResourceDefinition>,
  targetVersion: string,
): Finding[] {
  const absent = wanted.filter(kind => !byName.has(definitionName(kind)));
  const nameKinds = (kinds: IstioKind[]) =>
    kinds.map(({ kind }) => kind).join(', ');
  const old = absent.filter(({ since }) => since === undefined);
  const fresh = absent.filter(({ since }) => since !== undefined);
  return [
    ...(old.length > 0
      ? [
          warning({
            title: `${count(old.length, 'kind')} of Istio's configuration ${
              old.length === 1 ? 'is' : 'are'
            } not defined`,
            object: `${KIND}s of Istio`,
            observed: `Missing: ${nameKinds(old)}`,
            expected: 'All of them, unless left out on purpose',
            remedy:
              'Nothing, if they were left out on purpose (base.excludedCRDs). Otherwise apply the definitions of the running version.',
            link: LINK,
          }),
        ]
      : []),
    ...(fresh.length > 0
      ? [
          info({
            title: `Istio ${targetVersion} brings ${nameKinds(fresh)}`,
            object: `${KIND}s of Istio`,
            observed: `Not defined yet: ${nameKinds(fresh)}`,
            expected: 'Defined before somebody uses the kind',
            remedy:
              'Chart base and the Sail operator define it with the upgrade; with other installations apply the definitions of the target yourself.',
            link: LINK,
          }),
        ]
      : []),
  ];
}

/** `helm upgrade` refuses to take over an object that belongs to no release. */
function unowned(installed: Installed[]): Finding[] {
  const strangers = installed.filter(
    ({ definition: { metadata } }) =>
      metadata.labels?.['app.kubernetes.io/managed-by'] !== 'Helm' ||
      metadata.annotations?.[RELEASE_NAME] === undefined,
  );
  const objects = strangers.map(({ definition }) =>
    checkedObject(KIND, definition),
  );
  return strangers.length === 0
    ? []
    : [
        warning({
          title: `Helm does not own ${count(
            strangers.length,
            'definition',
          )} of Istio resources`,
          object: `${KIND}s of Istio`,
          observed: `Without the marks of a Helm release: ${nameAll(objects)}`,
          expected:
            'Label app.kubernetes.io/managed-by=Helm and annotations meta.helm.sh/release-name and -namespace',
          remedy:
            'Put the label and both annotations of the release of chart base on them, or apply the definitions of the target yourself: helm upgrade of chart base refuses to take over what it does not own.',
          objects,
          link: LINK,
        }),
      ];
}

function definitionName({ plural, group }: IstioKind): string {
  return `${plural}.${group}`;
}
