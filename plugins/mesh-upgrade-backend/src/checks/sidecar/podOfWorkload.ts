import type { V1Volume } from '@kubernetes/client-node';
import type { FreshWorkload } from './freshWorkload';

/** The pod that the workload's controller would create next. */
export function podOfWorkload(workload: FreshWorkload): object {
  const { name, namespace } = workload.metadata;
  const template = workload.spec?.template;
  const claims = (workload.spec?.volumeClaimTemplates ?? []).flatMap(
    claim => claim.metadata?.name ?? [],
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: template?.metadata?.labels,
      annotations: template?.metadata?.annotations,
    },
    spec: {
      ...template?.spec,
      // A StatefulSet's template mounts volumes that only its controller adds.
      ...(claims.length > 0 && {
        volumes: [
          ...(template?.spec?.volumes ?? []).filter(
            volume => !claims.includes(volume.name),
          ),
          ...claims.map(
            (claim): V1Volume => ({
              name: claim,
              persistentVolumeClaim: { claimName: `${claim}-${name}-0` },
            }),
          ),
        ],
      }),
    },
  };
}
