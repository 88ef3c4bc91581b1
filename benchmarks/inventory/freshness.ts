import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeepAliveClient } from './KeepAliveClient';
import type { LabFleet, LoadPod } from './LabFleet';

/** So much longer than the truth a measured time can be, in milliseconds. */
const POLL_MS = 50;
const TIMEOUT_MS = 15_000;

/**
 * Changes the pods one after the other, evenly over a time, and asks the API
 * for each until it shows the change.
 *
 * @returns milliseconds from sending each change until it was answered
 */
export async function measureFreshness(options: {
  fleet: LabFleet;
  url: string;
  token: string;
  /** Each of another Deployment. */
  pods: LoadPod[];
  durationMs: number;
}): Promise<number[]> {
  const { fleet, url, token, pods, durationMs } = options;
  const client = new KeepAliveClient(`${url}/api/mesh-upgrade`, token);
  const startedAt = performance.now();
  try {
    return await Promise.all(
      pods.map(async (pod, index) => {
        const due = startedAt + (index / pods.length) * durationMs;
        await sleep(Math.max(0, due - performance.now()));
        const revision = `bench-${Math.round(startedAt)}-${index}`;
        const changedAt = performance.now();
        await fleet.setRevision(pod, revision);
        await visible(client, pod, revision, changedAt + TIMEOUT_MS);
        return performance.now() - changedAt;
      }),
    );
  } finally {
    client.close();
  }
}

async function visible(
  client: KeepAliveClient,
  { cluster, namespace, deployment, name }: LoadPod,
  revision: string,
  until: number,
): Promise<void> {
  for (;;) {
    const { podList } = await client.get<WorkloadDetail>(
      `/workloads/${cluster}/${namespace}/Deployment/${deployment}`,
    );
    if (podList.find(pod => pod.name === name)?.revision === revision) {
      return;
    }
    if (performance.now() > until) {
      throw new Error(
        `A change of pod ${cluster}/${namespace}/${name} was not visible after ${
          TIMEOUT_MS / 1000
        } s`,
      );
    }
    await sleep(POLL_MS);
  }
}
