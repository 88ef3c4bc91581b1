import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { V1PodTemplateSpec, V1Volume } from '@kubernetes/client-node';
import type { KubernetesObject, ObjectRef } from '../../clusters/types';
import { BUILT_IN_KINDS } from '../../inventory/facts/workloadKinds';
import type { ListedWorkloadKind } from '../../inventory/facts/workloadKinds';

/** The part of a workload that makes its pods. */
export interface TemplatedWorkload extends KubernetesObject {
  spec?: {
    template?: V1PodTemplateSpec;
    volumeClaimTemplates?: { metadata?: { name?: string } }[];
  };
}

/** Where the API server keeps a workload; undefined for a kind whose pods are not made from `spec.template`. */
export function workloadObject(workload: WorkloadView): ObjectRef | undefined {
  const { kind, namespace, name } = workload;
  const spec = Object.hasOwn(BUILT_IN_KINDS, kind)
    ? BUILT_IN_KINDS[kind as ListedWorkloadKind]
    : undefined;
  return spec && spec.podTemplatePath.join('.') === 'spec.template'
    ? {
        group: spec.group,
        version: spec.version,
        resource: spec.resource,
        namespace,
        name,
      }
    : undefined;
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
