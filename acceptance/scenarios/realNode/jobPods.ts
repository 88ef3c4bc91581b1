import assert from 'node:assert/strict';
import type { ClusterAccess } from '../../ClusterAccess';
import { jobsOf } from '../meshUpgrade/clusterState';
import { JOBS } from '../meshUpgrade/facts';

export const PODS = `/api/v1/namespaces/${JOBS}/pods`;

export interface JobPod {
  metadata: { name: string };
  spec: { nodeName?: string; serviceAccountName: string };
  status: {
    phase: string;
    hostIP?: string;
    containerStatuses?: { containerID?: string; imageID: string }[];
  };
}

/** The pods of a run's Jobs on a cluster; each Job has one. */
export async function podsOfRun(
  cluster: ClusterAccess,
  runId: string,
): Promise<JobPod[]> {
  return Promise.all(
    (await jobsOf(cluster, runId)).map(async job => {
      const { items } = await cluster.get<{ items: JobPod[] }>(
        `${PODS}?labelSelector=job-name%3D${job}`,
      );
      assert.equal(items.length, 1, `pods of Job ${job}: ${items.length}`);
      return items[0];
    }),
  );
}

/** What a pod printed, as its kubelet tells it. */
export function logOf(cluster: ClusterAccess, pod: JobPod): Promise<string> {
  return cluster.text(`${PODS}/${pod.metadata.name}/log`);
}
