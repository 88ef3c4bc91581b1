import type {
  ControlPlaneView,
  HelmReleaseView,
  InstallEvidence,
  InstallMethod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterFacts } from '../facts/ClusterFacts';
import type { EnquiredFact, IstiodFact } from '../facts/types';
import { parseImage, versionOfImage } from './image';
import type { MeshLookup } from './meshOf';

/** Marks that say more than that Kyma's module is in the cluster. */
const MORE_SPECIFIC_THAN_KYMA = new Set(['openshift', 'sail', 'aks', 'kyma']);

/** Installers that make a Helm release of an object of theirs. */
const OPERATORS: ReadonlySet<InstallMethod> = new Set([
  'sail',
  'openshift',
  'kyma',
]);

/** A control plane and the mesh it belongs to. */
export interface InventoriedControlPlane {
  meshId: string;
  /** Hub of its image, e.g. `docker.io/istio`. */
  hub: string;
  view: ControlPlaneView;
}

/** The istiods of one cluster, ordered by namespace and name. */
export function controlPlanesOf(
  cluster: string,
  facts: ClusterFacts,
  meshes: MeshLookup,
): InventoriedControlPlane[] {
  return [...facts.controlPlanes()]
    .map(deployment => {
      const { namespace, name, istiod } = deployment;
      const pods = facts.livePodsOf(deployment);
      const enquired = facts.enquired.get(`${namespace}/${name}`);
      return {
        meshId: meshes.ofRevision(istiod.revision, namespace),
        hub: parseImage(istiod.image).hub,
        view: {
          cluster,
          namespace,
          name,
          revision: istiod.revision,
          version: controlPlaneVersion(istiod, enquired),
          versionProblem: answerFor(istiod.image, enquired)?.problem,
          image: istiod.image,
          desiredReplicas: istiod.desiredReplicas,
          readyReplicas: istiod.readyReplicas,
          updatedReplicas: pods.filter(pod => pod.istiodImage === istiod.image)
            .length,
          install: installOf(istiod, facts, enquired),
          problems: [
            ...istiod.problems,
            ...pods.flatMap(pod =>
              pod.problem ? [`Pod ${pod.name}, ${pod.problem}`] : [],
            ),
            ...operatorProblems(namespace, facts),
          ],
        },
      };
    })
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** The image tells; one with a digest only says nothing, so istiod was asked itself. */
export function controlPlaneVersion(
  { image }: IstiodFact,
  enquired: EnquiredFact | undefined,
): string | undefined {
  return versionOfImage(image) ?? answerFor(image, enquired)?.version;
}

/** What an istiod of a former image answered is nothing about this one. */
function answerFor(
  image: string,
  enquired: EnquiredFact | undefined,
): EnquiredFact['istiod'] {
  return enquired?.istiod?.image === image ? enquired.istiod : undefined;
}

/** Kyma installs as others do, and only its own object tells; what the release says completes the evidence. */
function installOf(
  { install, chart }: IstiodFact,
  facts: ClusterFacts,
  enquired: EnquiredFact | undefined,
): InstallEvidence {
  const [kyma] = facts.kymaistios.values();
  const marks: InstallEvidence =
    kyma && !MORE_SPECIFIC_THAN_KYMA.has(install.method)
      ? {
          method: 'kyma',
          evidence: [
            `Istio ${kyma.namespace}/${kyma.name} of group operator.kyma-project.io`,
            ...(install.method === 'unknown' ? [] : install.evidence),
          ],
        }
      : install;
  const { releaseProblem } = enquired ?? {};
  const release = ofUser(enquired?.release, marks.method);
  return {
    ...marks,
    evidence: [
      ...marks.evidence,
      ...(release
        ? [
            `Chart ${release.chart} ${release.chartVersion}, revision ${release.revision} of the release`,
            ...release.pinned.map(pin => `Value ${pin} is pinned by the user`),
          ]
        : []),
      ...(releaseProblem
        ? [
            ...(chart ? [`Chart ${chart} by the label helm.sh/chart`] : []),
            `The Helm release cannot be read: ${releaseProblem}`,
          ]
        : []),
    ],
    ...(release && { release }),
  };
}

/** An operator writes the values itself, version included, and changes them with the version. */
function ofUser(
  release: HelmReleaseView | undefined,
  method: InstallMethod,
): HelmReleaseView | undefined {
  return release && OPERATORS.has(method)
    ? { ...release, pinned: [] }
    : release;
}

function operatorProblems(namespace: string, facts: ClusterFacts): string[] {
  return [...facts.istios.values()]
    .filter(istio => istio.namespace === namespace)
    .flatMap(istio =>
      istio.problems.map(problem => `Istio ${istio.name}: ${problem}`),
    );
}

function idOf({ view }: InventoriedControlPlane): string {
  return `${view.namespace}/${view.name}`;
}
