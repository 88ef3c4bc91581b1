import type {
  V1DeploymentSpec,
  V1DeploymentStatus,
} from '@kubernetes/client-node';
import type { KubernetesObject } from '../../clusters/types';
import { versionOfImage } from '../../inventory/rules/image';
import { injectionNow, type InjectionNow } from './injectionNow';
import { DEPLOYMENTS, ISTIOD_SELECTOR } from '../resources';
import type { RestartCheckContext } from './restartCheck';

export type IstiodDeployment = KubernetesObject & {
  spec?: Partial<V1DeploymentSpec>;
  status?: V1DeploymentStatus;
};

/** The istiod of a cluster, and the one that would inject a new pod. */
export interface ServingIstiod {
  configuration?: InjectionNow['configuration'];
  /** Absent when it is outside of the cluster, and when nothing injects. */
  istiod?: IstiodDeployment;
  /** Every istiod of the cluster. */
  all: IstiodDeployment[];
}

export async function servingIstiod(
  context: RestartCheckContext,
): Promise<ServingIstiod> {
  const [{ configuration }, all] = await Promise.all([
    injectionNow(context),
    context.list<IstiodDeployment>(DEPLOYMENTS, {
      labelSelector: ISTIOD_SELECTOR,
    }),
  ]);
  const serves = ({ metadata }: IstiodDeployment) =>
    revisionOf(metadata) === configuration?.revision &&
    // Called by URL it says no namespace; one of its revision in the cluster is the one.
    (configuration.url !== undefined ||
      metadata.namespace === configuration.controlPlaneNamespace);
  return { configuration, istiod: all.find(serves), all };
}

export function revisionOf({ labels }: IstiodDeployment['metadata']): string {
  return labels?.['istio.io/rev'] || 'default';
}

/** Version of its image; undefined for one given by digest. */
export function versionOfIstiod({
  spec,
}: IstiodDeployment): string | undefined {
  const containers = spec?.template?.spec?.containers ?? [];
  const discovery =
    containers.find(({ name }) => name === 'discovery') ?? containers[0];
  return versionOfImage(discovery?.image);
}

/** How evidence names it. */
export function istiodName({ metadata }: IstiodDeployment): string {
  return `Deployment ${metadata.namespace}/${metadata.name}`;
}
