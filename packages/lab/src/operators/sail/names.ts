import { ISTIO_NAMESPACE } from '../../controlPlane/names';
import { resolveVersion } from '../../controlPlane/sailVersions';
import type { Istio, IstioValues } from '../../kubernetes/types';

/** The name of the revision that an `Istio` asks for; an alias is taken by its text. */
export function activeRevisionName(istio: {
  metadata: { name?: string };
  spec: Istio['spec'];
}): string {
  const { name = '' } = istio.metadata;
  return istio.spec.updateStrategy?.type === 'RevisionBased'
    ? `${name}-${istio.spec.version?.replaceAll('.', '-')}`
    : name;
}

/** The Helm release that holds the istiod of a revision. */
export function releaseOfRevision(revision: string): string {
  return `${revision}-istiod`;
}

/** The chart values of a revision: what the user set, over what the version and hub decide. */
export function sailValues(
  values: IstioValues | undefined,
  version: string,
): IstioValues {
  return {
    ...values,
    global: {
      tag: resolveVersion(version),
      istioNamespace: ISTIO_NAMESPACE,
      ...values?.global,
      proxy: { image: 'proxyv2', ...values?.global?.proxy },
    },
  };
}
