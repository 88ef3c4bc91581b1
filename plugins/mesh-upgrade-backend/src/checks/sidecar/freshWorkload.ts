import type {
  V1DeploymentSpec,
  V1DeploymentStatus,
  V1PodTemplateSpec,
} from '@kubernetes/client-node';
import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject, ObjectRef } from '../../clusters/types';
import { BUILT_IN_KINDS } from '../../inventory/facts/workloadKinds';
import type { ListedWorkloadKind } from '../../inventory/facts/workloadKinds';
import type { SidecarCheckContext } from '../types';

/** A workload as the API server has it now; kinds other than Deployment share what is read of it. */
export interface FreshWorkload extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & {
    managedFields?: { manager?: string }[];
  };
  spec?: Partial<V1DeploymentSpec> & {
    template?: V1PodTemplateSpec;
    volumeClaimTemplates?: { metadata?: { name?: string } }[];
    updateStrategy?: {
      type?: string;
      paused?: boolean;
      rollingUpdate?: { partition?: number };
    };
  };
  status?: V1DeploymentStatus;
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

/**
 * Asked once per report, however many checks want it.
 *
 * @throws Error for a kind whose pods are not made from `spec.template`
 */
export async function freshWorkload({
  workload,
  client,
  once,
}: Pick<
  SidecarCheckContext,
  'workload' | 'client' | 'once'
>): Promise<FreshWorkload> {
  const address = workloadObject(workload);
  if (!address) {
    throw new Error(`How a ${workload.kind} makes its pods is not known`);
  }
  return once(`workload ${workload.id}`, signal =>
    client.get<FreshWorkload>(address, { signal }),
  );
}

/** The pod template, empty where there is none. */
export function templateOf({ spec }: FreshWorkload): V1PodTemplateSpec {
  return spec?.template ?? {};
}
