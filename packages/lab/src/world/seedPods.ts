import { finishedStatus, runningStatus } from '../controllers/kubelet';
import { redirectToNode } from '../injection/ambient';
import { injectPod } from '../injection/injectPod';
import { NODES, PODS } from '../kubernetes/resources';
import type {
  Draft,
  OwnerReference,
  Pod,
  PodTemplate,
  StringMap,
} from '../kubernetes/types';
import type { Seeder } from './Seeder';

/** Puts the pods of a workload in place: injected, running and Ready, or completed. */
export function seedPods(
  seeder: Seeder,
  options: {
    names: string[];
    namespace: string;
    template: PodTemplate;
    proxy?: string;
    labels?: (name: string, index: number) => StringMap;
    completed?: boolean;
    /** They are older than what injects now, and have no sidecar. */
    uninjected?: boolean;
    /** The revision that injected them, when it is not the one that would today. */
    injectedBy?: string;
    /** Absent for pods that nothing owns. */
    owner?: OwnerReference;
    generateName?: string;
  },
) {
  const { cluster } = seeder;
  const { template, namespace, labels, owner } = options;
  const nodes = cluster.store.list(NODES);
  const first = Math.floor(cluster.random() * nodes.length);
  const draft: Draft<Pod> = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      labels: template.metadata?.labels,
      ...(template.metadata?.annotations && {
        annotations: template.metadata.annotations,
      }),
      ...(options.generateName && { generateName: options.generateName }),
      ...(owner && { ownerReferences: [owner] }),
    },
    spec: template.spec,
  };
  const shape = options.uninjected
    ? draft
    : redirectToNode(
        cluster,
        injectPod(cluster, draft, {
          tag: options.proxy,
          revision: options.injectedBy,
        }),
      );
  // Pods of one workload share everything but their identity.
  const running = runningStatus(
    { metadata: {}, spec: shape.spec },
    {
      now: seeder.now,
      ready: true,
      kubernetesMinor: cluster.kubernetesMinor,
    },
  );
  const status = options.completed
    ? finishedStatus({ spec: shape.spec, status: running }, seeder.now, 0)
    : running;
  options.names.forEach((name, index) =>
    seeder.put(PODS, {
      ...shape,
      metadata: {
        ...shape.metadata,
        name,
        labels: labels
          ? { ...shape.metadata.labels, ...labels(name, index) }
          : shape.metadata.labels,
      },
      spec: {
        ...shape.spec,
        nodeName: nodes[(first + index) % nodes.length].metadata.name,
      },
      status: {
        ...status,
        podIP: `10.${1 + Math.floor(cluster.random() * 250)}.${Math.floor(
          cluster.random() * 250,
        )}.${1 + Math.floor(cluster.random() * 250)}`,
      },
    }),
  );
}
