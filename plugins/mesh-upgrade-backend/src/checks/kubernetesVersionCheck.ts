import { toError } from '@backstage/errors';
import {
  kubernetesRange,
  kubernetesSupport,
  minorOf,
  parseIstioVersion,
  selectTargets,
  supportMatrixRow,
  type CheckFinding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../clusters/types';
import type { InventoriedMesh } from '../inventory/types';
import { abortable } from './abortable';
import { meshClusters } from './meshClusters';
import type { Check, MeshCheckContext } from './types';

const ID = 'kubernetes-version';
const TITLE = 'Kubernetes version';

/** What a cluster answered just now. */
type Answer =
  | { cluster: string; version: string }
  | { cluster: string; problem: string; remedy: string };

/**
 * Whether every cluster of the mesh, the control-plane cluster included, runs
 * a Kubernetes that the target version supports. The clusters are asked now:
 * what is remembered may be from before somebody upgraded one.
 */
export function kubernetesVersionCheck(options: {
  /** Versions known for a mesh; another one is proposed from them. */
  tagsFor: (mesh: InventoriedMesh) => Promise<string[]>;
}): Check<MeshCheckContext> {
  return {
    id: ID,
    title: TITLE,
    async run({ mesh, targetVersion, clusters, signal }) {
      const names = meshClusters(mesh);
      if (names.length === 0) {
        return [noClusters(mesh, targetVersion)];
      }
      const answers = await Promise.all(
        names.map(name => askVersion(name, clusters, signal)),
      );
      const findings = answers.map(answer => judge(answer, targetVersion));
      if (!findings.some(({ direction }) => direction === 'tooHigh')) {
        return findings;
      }
      const alternatives = await abortable(options.tagsFor(mesh), signal).then(
        tags => findAlternatives({ mesh, targetVersion, tags, answers }),
        // Without the registry the advice stands, only without names.
        () => undefined,
      );
      return findings.map(finding =>
        finding.direction === 'tooHigh'
          ? { ...finding, ...newerIstio(targetVersion, alternatives) }
          : finding,
      );
    },
  };
}

async function askVersion(
  name: string,
  clusters: ClusterRegistry,
  signal: AbortSignal,
): Promise<Answer> {
  const cluster = clusters.get(name);
  if (!cluster) {
    return {
      cluster: name,
      problem: 'The cluster is not configured any more.',
      remedy: 'Configure the cluster again, then Recheck.',
    };
  }
  if (!cluster.client) {
    return {
      cluster: name,
      problem: cluster.misconfiguration,
      remedy: cluster.remedy,
    };
  }
  try {
    const { gitVersion } = await abortable(
      cluster.client.version({ signal }),
      signal,
    );
    return { cluster: name, version: gitVersion };
  } catch (error) {
    return {
      cluster: name,
      problem: `Its version could not be read: ${toError(error).message}`,
      remedy: 'Make the cluster answer, then Recheck.',
    };
  }
}

function judge(answer: Answer, targetVersion: string): CheckFinding {
  const finding = {
    check: ID,
    cluster: answer.cluster,
    evidence: {
      object: `cluster ${answer.cluster}`,
      observed:
        'version' in answer
          ? `Kubernetes ${bare(answer.version)}`
          : answer.problem,
      expected: expectation(targetVersion),
    },
  };
  if ('problem' in answer) {
    return {
      ...finding,
      severity: 'unknown',
      title: `The Kubernetes version of ${answer.cluster} is not known`,
      remedy: answer.remedy,
    };
  }
  const runs = `${answer.cluster} runs Kubernetes ${bare(answer.version)}`;
  const verdict = kubernetesSupport(targetVersion, answer.version);
  switch (verdict) {
    case 'ok':
      return {
        ...finding,
        severity: 'passed',
        title: `${runs}, which Istio ${targetVersion} supports`,
        remedy: '',
      };
    case 'tooLow':
      return {
        ...finding,
        severity: 'blocker',
        direction: verdict,
        title: `${runs}, Istio ${targetVersion} needs ${minimum(
          targetVersion,
        )} or newer`,
        remedy: `Upgrade the cluster to Kubernetes ${minimum(
          targetVersion,
        )} or newer, then Recheck.`,
      };
    case 'tooHigh':
      return {
        ...finding,
        severity: 'blocker',
        direction: verdict,
        title: `${runs}, newer than Istio ${targetVersion} supports`,
        remedy: 'Choose a newer Istio.',
      };
    default:
      return {
        ...finding,
        severity: 'unknown',
        title: `${runs}; whether Istio ${targetVersion} supports it is not known`,
        remedy:
          'Choose a version of Istio whose supported Kubernetes versions are published.',
      };
  }
}

/** Newer versions within reach that every cluster of the mesh supports, newest first. */
function findAlternatives(options: {
  mesh: InventoriedMesh;
  targetVersion: string;
  tags: string[];
  answers: Answer[];
}): string[] {
  const { mesh, targetVersion, tags, answers } = options;
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
      answers.every(
        answer =>
          'version' in answer &&
          kubernetesSupport(version, answer.version) === 'ok',
      ),
    );
}

function newerIstio(
  targetVersion: string,
  alternatives: string[] | undefined,
): Pick<CheckFinding, 'remedy' | 'alternatives'> {
  if (alternatives?.length) {
    return {
      remedy: `Choose a newer Istio: ${alternatives.join(', ')}.`,
      alternatives,
    };
  }
  return {
    remedy: alternatives
      ? `Choose a newer Istio than ${targetVersion}; the registry holds none yet that may be upgraded to directly and that all clusters support.`
      : `Choose a newer Istio than ${targetVersion}; which ones there are is not known, the registry did not answer.`,
    alternatives,
  };
}

function noClusters(
  mesh: InventoriedMesh,
  targetVersion: string,
): CheckFinding {
  return {
    check: ID,
    severity: 'unknown',
    title: `No cluster of the mesh ${mesh.id} is known`,
    evidence: {
      object: `mesh ${mesh.id}`,
      observed: 'No cluster',
      expected: expectation(targetVersion),
    },
    remedy: 'Configure the clusters of the mesh, then Recheck.',
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
