import {
  kubernetesRange,
  kubernetesSupport,
  minorOf,
  parseIstioVersion,
  providersOf,
  selectTargets,
  supportMatrixRow,
  type MatrixChoice,
  type MeshClusterView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  consent,
  passed,
  undecided,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { InventoriedMesh } from '../../inventory/types';
import type { VersionCatalog } from '../../versions/types';
import type { ClusterCheckContext, PerClusterCheck } from '../types';

/** What is known of other versions; another one is proposed from them. */
export type KnownVersions = Pick<VersionCatalog, 'matrix' | 'tagsFor'>;

const READABLE = /^v?\d+\.\d+/;

/**
 * Whether a cluster of the mesh, the control-plane cluster included, runs a
 * Kubernetes that the target version supports. It is asked now: what is
 * remembered may be from before somebody upgraded it.
 */
export function kubernetesVersion(options: {
  versions: KnownVersions;
}): PerClusterCheck {
  return {
    id: 'kubernetes-version',
    title: 'Kubernetes version',
    worst: 'blocker',
    scope: 'cluster',
    async run(context) {
      const { targetVersion } = context;
      const { cluster } = context.cluster;
      const version = await context.kubernetesVersion();
      const choice = {
        matrix: options.versions.matrix,
        providers: providersFor(context.mesh, context.cluster, version),
      };
      const runs = `${cluster} runs Kubernetes ${bare(version)}`;
      const says = {
        object: `cluster ${cluster}`,
        observed: `Kubernetes ${bare(version)}`,
        expected: expectation(targetVersion, choice),
      };
      if (!READABLE.test(version)) {
        return [
          undecided({
            ...says,
            title: `${cluster} tells a version that cannot be read: '${bare(
              version,
            )}'`,
            remedy: `Ask it by 'kubectl version'; what stands between it and this backend may answer in its place.`,
          }),
        ];
      }
      switch (kubernetesSupport(targetVersion, version, choice)) {
        case 'ok':
          return [
            passed({
              ...says,
              title: `${runs}, which Istio ${targetVersion} supports`,
            }),
          ];
        case 'tooLow':
          return [
            tooLow(says, runs, {
              targetVersion,
              needed: minimum(targetVersion, choice),
            }),
          ];
        case 'tooHigh':
          return [
            {
              ...blocker({
                ...says,
                title: `${runs}, newer than Istio ${targetVersion} supports`,
                remedy: '',
              }),
              direction: 'tooHigh',
              ...newerIstio(
                targetVersion,
                // Without the registry the advice stands, only without names.
                await alternatives(context, options.versions).catch(
                  () => undefined,
                ),
              ),
            },
          ];
        default:
          return [
            consent({
              ...says,
              title: `${runs}; whether Istio ${targetVersion} supports it is not published`,
              remedy:
                'Try the version on a cluster that may fail, or choose one whose supported Kubernetes versions are published.',
            }),
          ];
      }
    },
  };
}

function tooLow(
  says: { object: string; observed: string; expected: string },
  runs: string,
  { targetVersion, needed }: { targetVersion: string; needed?: string },
): Finding {
  return {
    ...blocker({
      ...says,
      title: `${runs}, Istio ${targetVersion} needs ${needed} or newer`,
      remedy: `Upgrade the cluster to Kubernetes ${needed} or newer, then Recheck.`,
    }),
    direction: 'tooLow',
  };
}

/** Newer versions within reach that every cluster of the mesh supports, newest first. */
async function alternatives(
  { mesh, targetVersion, clusters, at }: ClusterCheckContext,
  versions: KnownVersions,
): Promise<string[]> {
  const [{ tags, operators }, ...known] = await Promise.all([
    versions.tagsFor(mesh),
    ...clusters.map(async each => {
      const version = await at(each.cluster)
        .kubernetesVersion()
        // One that does not answer supports nothing for certain.
        .catch(() => undefined);
      return {
        name: each.cluster,
        kubernetesVersion: version,
        providers: providersFor(mesh, each, version),
      };
    }),
  ]);
  const { offered } = selectTargets({
    current: mesh.version,
    installed: mesh.versions,
    family: mesh.family,
    tags,
    operators,
    matrix: versions.matrix,
    clusters: known,
    now: new Date(),
  });
  return offered
    .filter(({ version }) => version !== targetVersion)
    .filter(each => each.clusters.every(({ verdict }) => verdict === 'ok'))
    .map(({ version }) => version);
}

/** Some who offer Kubernetes or install Istio support other versions than the project itself. */
function providersFor(
  mesh: InventoriedMesh,
  { controlPlanes }: MeshClusterView,
  version: string | undefined,
): string[] {
  const { install } = controlPlanes[0] ?? mesh;
  return providersOf({
    installMethod: install.method,
    kubernetesVersion: version,
  });
}

function newerIstio(
  targetVersion: string,
  versions: string[] | undefined,
): Pick<Finding, 'remedy' | 'alternatives'> {
  if (versions?.length) {
    return {
      remedy: `Choose a newer Istio: ${versions.join(', ')}.`,
      alternatives: versions,
    };
  }
  return {
    remedy: versions
      ? `Choose a newer Istio than ${targetVersion}; the registry holds none yet that may be upgraded to directly and that all clusters support.`
      : `Choose a newer Istio than ${targetVersion}; which ones there are is not known, the registry did not answer.`,
    alternatives: versions,
  };
}

function expectation(targetVersion: string, choice: MatrixChoice): string {
  const range = kubernetesRange(targetVersion, choice);
  if (range) {
    return `Kubernetes ${range.min} to ${range.max} for Istio ${targetVersion}`;
  }
  const floor = minimum(targetVersion, choice);
  return floor
    ? `Kubernetes ${floor} or newer to be installed; what Istio ${targetVersion} supports is not published`
    : `What Istio ${targetVersion} supports is not published`;
}

function minimum(
  targetVersion: string,
  choice: MatrixChoice,
): string | undefined {
  const istio = parseIstioVersion(targetVersion);
  const row = istio && supportMatrixRow(minorOf(istio), choice);
  return row?.kubernetes?.min ?? row?.installFloor;
}

function bare(version: string): string {
  return version.replace(/^v/, '');
}
