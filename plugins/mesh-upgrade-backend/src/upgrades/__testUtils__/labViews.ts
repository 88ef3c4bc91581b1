import type {
  MeshComponentView,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesClient } from '../../clusters/types';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';

/** A node agent as the inventory knows it; `place` is its namespace and name. */
export function nodeAgent(
  kind: 'cni' | 'ztunnel',
  cluster: string,
  place: string,
): MeshComponentView {
  const [namespace, name] = place.split('/');
  return { kind, cluster, namespace, name, desired: 1, ready: 1, problems: [] };
}

/** The steps that write, without those that only look. */
export function changingSteps({ steps }: RunView): RunView['steps'] {
  return steps.filter(
    ({ phase, title }) => phase === 'upgrade' && !title.includes(': '),
  );
}

/** Of the image that the Deployment istiod asks for. */
export async function istiodVersionOn(
  client: KubernetesClient,
): Promise<string | undefined> {
  return istiodVersion(
    await client.get<Deployment>({
      ...DEPLOYMENTS,
      namespace: 'istio-system',
      name: 'istiod',
    }),
  );
}
