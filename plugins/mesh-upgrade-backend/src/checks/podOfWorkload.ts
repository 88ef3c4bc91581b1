import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { V1PodTemplateSpec, V1Volume } from '@kubernetes/client-node';
import type { KubernetesObject, ObjectRef } from '../clusters/types';

/** The part of a Deployment, StatefulSet or DaemonSet that makes its pods. */
export interface TemplatedWorkload extends KubernetesObject {
  spec?: {
    template?: V1PodTemplateSpec;
    volumeClaimTemplates?: { metadata?: { name?: string } }[];
  };
}

const RESOURCES = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
} as const;

/** Where the API server keeps a workload. */
export function workloadObject(workload: WorkloadView): ObjectRef {
  return {
    group: 'apps',
    version: 'v1',
    resource: RESOURCES[workload.kind],
    namespace: workload.namespace,
    name: workload.name,
  };
}

/** The pod that the workload's controller would create next. */
export function podOfWorkload(workload: TemplatedWorkload): object {
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
