import { gitOpsOwner } from '../../gitops/gitOpsOwner';
import { controllerOf } from './controllerOf';
import type { RawPod } from './projectPod';
import { componentOf, projectTemplate } from './projectWorkload';
import type { WorkloadFact } from './types';

/** The injector leaves this annotation on what it changed. */
const INJECTED = 'sidecar.istio.io/status';

/** The kubelet shows pods of its own files this way; nothing in the cluster made them. */
const MIRROR = 'kubernetes.io/config.mirror';

/**
 * A pod seen as a workload, with itself for a template. Undefined for one
 * that ran to its end, which nobody can upgrade, and for the kubelet's own.
 */
export function projectBarePod({
  metadata,
  spec,
  status,
}: RawPod): WorkloadFact | undefined {
  if (
    status?.phase === 'Succeeded' ||
    metadata.annotations?.[MIRROR] !== undefined
  ) {
    return undefined;
  }
  const { proxyImage, ...template } = projectTemplate({
    metadata: { labels: metadata.labels, annotations: metadata.annotations },
    spec,
  });
  const labels = metadata.labels ?? {};
  return {
    uid: metadata.uid ?? '',
    namespace: metadata.namespace ?? '',
    kind: 'Pod',
    name: metadata.name,
    labels,
    // A proxy that the injector put there is not the author's own.
    template: metadata.annotations?.[INJECTED]
      ? template
      : { ...template, proxyImage },
    paused: false,
    finished: false,
    controller: controllerOf(metadata),
    gitOps: gitOpsOwner(metadata),
    component: componentOf(labels),
  };
}
