import type {
  CheckProgress,
  MeshClusterView,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import type {
  ClusterReads,
  MeshCheck,
  MeshCheckContext,
  PerClusterCheck,
  SidecarCheck,
} from '../types';
import type { AskOnce } from './AskOnce';
import { clusterReads } from './clusterReads';
import { meshClusters } from './meshClusters';
import type { CheckJob } from './runCheck';

interface World {
  clusters: ClusterRegistry;
  asked: AskOnce;
}

/** Every check of a mesh that applies, those of a cluster once per cluster. */
export function meshJobs(
  about: {
    mesh: InventoriedMesh;
    targetVersion: string;
    runId?: string;
    returning?: boolean;
  },
  world: World & { checks: MeshCheck[] },
): CheckJob[] {
  const subject = { ...about, currentVersion: about.mesh.version };
  const clusters = meshClusters(about.mesh, world.clusters);
  const context = (signal: AbortSignal): MeshCheckContext => ({
    ...subject,
    clusters,
    at: cluster => clusterReads(cluster, { ...world, signal }),
    once: (question, ask) => world.asked.ask(question, ask, signal),
    signal,
  });
  return world.checks.flatMap(check => {
    if (check.scope === 'cluster') {
      return clusters
        .filter(cluster =>
          applies(() => check.applies?.({ ...subject, cluster })),
        )
        .map(cluster => perClusterJob(check, cluster, { ...world, context }));
    }
    return applies(() => check.applies?.(subject))
      ? [
          {
            check,
            place: {},
            object: `mesh ${about.mesh.id}`,
            run: (signal: AbortSignal) => check.run(context(signal)),
          },
        ]
      : [];
  });
}

function perClusterJob(
  check: PerClusterCheck,
  cluster: MeshClusterView,
  world: World & { context(signal: AbortSignal): MeshCheckContext },
): CheckJob {
  const name = cluster.cluster;
  return {
    check,
    place: { cluster: name },
    object: `cluster ${name}`,
    run: async signal => {
      const reads = clusterReads(name, { ...world, signal });
      if (!check.whenUnreachable) {
        await mustAnswer(reads);
      }
      return check.run({ ...world.context(signal), ...reads, cluster });
    },
  };
}

/** Every check of a workload that applies. */
export function sidecarJobs(
  workload: WorkloadDetail,
  world: World & { checks: SidecarCheck[] },
): CheckJob[] {
  return world.checks
    .filter(check => applies(() => check.applies?.(workload)))
    .map(check => ({
      check,
      place: { cluster: workload.cluster, workload: workload.id },
      object: `${workload.kind} ${workload.namespace}/${workload.name}`,
      run: async signal => {
        const reads = clusterReads(workload.cluster, { ...world, signal });
        await mustAnswer(reads);
        return check.run({
          workload,
          ...reads,
          once: (question, ask) => world.asked.ask(question, ask, signal),
          signal,
        });
      },
    }));
}

/** What is announced before the first result. */
export function plannedChecks(
  jobs: CheckJob[],
): Extract<CheckProgress, { type: 'planned' }>['checks'] {
  return jobs.map(({ check, place }) => ({
    check: check.id,
    title: check.title,
    ...(place.cluster !== undefined && { cluster: place.cluster }),
  }));
}

/**
 * One question tells whether a cluster answers at all: the many others are
 * spared a cluster that does not.
 */
async function mustAnswer(reads: ClusterReads): Promise<void> {
  await reads.kubernetesVersion();
}

/** A check that cannot tell is run, and fails for all to see. */
function applies(ask: () => boolean | undefined): boolean {
  try {
    return ask() ?? true;
  } catch {
    return true;
  }
}
