import type { ClusterAccess } from '../../../ClusterAccess';
import { proxyOf, versionOf } from './pods';
import type { Pod, PodTemplate } from './types';

/** What the cluster does with a new pod. */
export interface Injection {
  revision: string | undefined;
  version: string | undefined;
}

const PIN = 'sidecar.istio.io/proxyImage';

/**
 * Lets the API server and the injector admit a pod of this template without
 * keeping it: nothing knows better what a new pod would be. Undefined when it
 * gets no sidecar. Pins of the image are left out, as they say nothing about
 * the revision.
 */
export async function askInjector(
  cluster: ClusterAccess,
  namespace: string,
  { metadata, spec }: PodTemplate,
): Promise<Injection | undefined> {
  const { [PIN]: _, ...annotations } = metadata?.annotations ?? {};
  const pod = await cluster.post<Pod>(
    `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `asked-${Math.random().toString(36).slice(2, 10)}`,
        labels: metadata?.labels,
        annotations,
      },
      spec: { ...spec, restartPolicy: 'Always' },
    },
  );
  const injected = pod.metadata.annotations?.['sidecar.istio.io/status'];
  return injected === undefined
    ? undefined
    : {
        revision: pod.metadata.annotations?.['istio.io/rev'],
        version: versionOf(proxyOf(pod)?.image),
      };
}
