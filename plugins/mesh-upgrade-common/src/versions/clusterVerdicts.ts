import type { ClusterVerdict } from '../types';
import { kubernetesSupport } from './kubernetesSupport';
import type { MatrixChoice } from './supportMatrix';

/** What is known of one cluster when versions are chosen. @public */
export interface ClusterFacts {
  name: string;
  kubernetesVersion?: string;
  /** Whose rows of the matrix count for it; see `providersOf`. */
  providers?: readonly string[];
}

/** How the Kubernetes of each cluster suits a version of Istio. @public */
export function clusterVerdicts(
  version: string,
  question: {
    clusters: readonly ClusterFacts[];
    matrix?: MatrixChoice['matrix'];
  },
): ClusterVerdict[] {
  return question.clusters.map(({ name, kubernetesVersion, providers }) => ({
    cluster: name,
    kubernetesVersion,
    verdict: kubernetesSupport(version, kubernetesVersion, {
      matrix: question.matrix,
      providers,
    }),
  }));
}
