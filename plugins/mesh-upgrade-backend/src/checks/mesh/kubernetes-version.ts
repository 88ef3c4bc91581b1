import {
  kubernetesRange,
  kubernetesSupport,
  minorOf,
  parseIstioVersion,
  selectTargets,
  supportMatrixRow,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  consent,
  passed,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { InventoriedMesh } from '../../inventory/types';
import type { ClusterCheckContext, MeshCheck } from '../types';

/**
 * Whether a cluster of the mesh, the control-plane cluster included, runs a
 * Kubernetes that the target version supports. It is asked now: what is
 * remembered may be from before somebody upgraded it.
 */
export function kubernetesVersion(options: {
  /** Versions known for a mesh; another one is proposed from them. */
  tagsFor: (mesh: InventoriedMesh) => Promise<string[]>;
}): MeshCheck {
  return {
    id: 'kubernetes-version',
    title: 'Kubernetes version',
    worst: 'blocker',
    scope: 'cluster',
    async run(context) {
      const { targetVersion } = context;
      const { cluster } = context.cluster;
      const version = await context.kubernetesVersion();
      const runs = `${cluster} runs Kubernetes ${bare(version)}`;
      const says = {
        object: `cluster ${cluster}`,
        observed: `Kubernetes ${bare(version)}`,
        expected: expectation(targetVersion),
      };
      switch (kubernetesSupport(targetVersion, version)) {
        case 'ok':
          return [
            passed({
              ...says,
              title: `${runs}, which Istio ${targetVersion} supports`,
            }),
          ];
        case 'tooLow':
          return [tooLow(says, runs, targetVersion)];
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
                await alternatives(context, options).catch(() => undefined),
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
  targetVersion: string,
): Finding {
  const needed = minimum(targetVersion);
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
  options: { tagsFor: (mesh: InventoriedMesh) => Promise<string[]> },
): Promise<string[]> {
  const [tags, ...versions] = await Promise.all([
    options.tagsFor(mesh),
    ...clusters.map(each =>
      // One that does not answer supports nothing for certain.
      at(each.cluster)
        .kubernetesVersion()
        .catch(() => ''),
    ),
  ]);
  const { offered } = selectTargets({
    current: mesh.version,
    installed: mesh.versions,
    family: mesh.family,
    tags,
    clusters: [],
    now: new Date(),
  });
  return offered
    .map(({ version }) => version)
    .filter(version => version !== targetVersion)
    .filter(version =>
      versions.every(each => kubernetesSupport(version, each) === 'ok'),
    );
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

function expectation(targetVersion: string): string {
  const range = kubernetesRange(targetVersion);
  if (range) {
    return `Kubernetes ${range.min} to ${range.max} for Istio ${targetVersion}`;
  }
  const floor = minimum(targetVersion);
  return floor
    ? `Kubernetes ${floor} or newer to be installed; what Istio ${targetVersion} supports is not published`
    : `What Istio ${targetVersion} supports is not published`;
}

function minimum(targetVersion: string): string | undefined {
  const istio = parseIstioVersion(targetVersion);
  const row = istio && supportMatrixRow(minorOf(istio));
  return row?.kubernetes?.min ?? row?.installFloor;
}

function bare(version: string): string {
  return version.replace(/^v/, '');
}
