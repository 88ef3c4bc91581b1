import type { Cluster } from '../../cluster/Cluster';
import { ISTIO_NAMESPACE, istiodName } from '../../controlPlane/names';
import { DEPLOYMENTS } from '../../kubernetes/resources';
import type { Process } from './runCommand';

const POLL = 200;

/** Ends with 0 when istiod has rolled out, as `helm --wait` does, with 1 after `timeout` ms. */
export function waitForIstiod(
  cluster: Cluster,
  options: { revision: string; timeout: number },
  process: Process,
) {
  const name = istiodName(options.revision);
  const look = (left: number) => {
    const istiod = cluster.store.get(DEPLOYMENTS, ISTIO_NAMESPACE, name);
    const wanted = istiod?.spec.replicas ?? 1;
    const { status } = istiod ?? {};
    if (
      status?.observedGeneration === istiod?.metadata.generation &&
      status?.updatedReplicas === wanted &&
      status?.replicas === wanted &&
      status?.availableReplicas === wanted
    ) {
      process.exit(0);
    } else if (left <= 0) {
      process.print(
        `Error: UPGRADE FAILED: resource Deployment/${ISTIO_NAMESPACE}/${name} not ready. status: InProgress, message: Available: ${
          status?.availableReplicas ?? 0
        }/${wanted}`,
      );
      process.print('context deadline exceeded');
      process.exit(1);
    } else {
      cluster.clock.after(POLL, () => look(left - POLL));
    }
  };
  cluster.clock.after(POLL, () => look(options.timeout));
}

/** `5m`, `300s`, `1m30s` in milliseconds. */
export function parseDuration(text: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (total, [, count, unit]) => total + Number(count) * units[unit] * 1000,
    0,
  );
}
