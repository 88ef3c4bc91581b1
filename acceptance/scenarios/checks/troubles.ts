import type { ClusterAccess } from '../../ClusterAccess';
import type { World } from '../../World';
import { tagImage } from './tagImage';

/** Something that is wrong with a cluster, and what the product says of it. */
export interface Trouble {
  name: string;
  /** Id of the check that has to find it. */
  check: string;
  severity: 'blocker' | 'consent' | 'warning';
  /** What has to be in the evidence. */
  observed: RegExp;
  /** The version that is checked, when it is another one. */
  target?: string;
  /** Makes the trouble and answers how it is cured. */
  cause(cluster: ClusterAccess, world: World): Promise<() => Promise<unknown>>;
}

const ISTIOD = '/apis/apps/v1/namespaces/istio-system/deployments/istiod';
const BUDGETS = '/apis/policy/v1/namespaces/istio-system/poddisruptionbudgets';
const JOB_RIGHTS =
  '/apis/rbac.authorization.k8s.io/v1/namespaces/mesh-upgrade/rolebindings';
const KEPT_IN_GIT = 'argocd.argoproj.io/tracking-id';
/** A version of which a registry holds one image and not the other. */
const HALF_PUBLISHED = '1.30.4';

interface Deployment {
  spec: {
    replicas: number;
    template: { spec: { containers: { image: string }[] } };
  };
}

/** Each ends as it found the cluster. */
export const troubles: Trouble[] = [
  {
    name: 'a right that the upgrade needs',
    check: 'permissions',
    severity: 'blocker',
    observed: /not allowed to create jobs\.batch in mesh-upgrade/,
    async cause(cluster, { faults }) {
      if (faults) {
        await faults.set(cluster.name, {
          denyVerbs: [{ verb: 'create', resource: 'jobs' }],
        });
        return () => faults.set(cluster.name, {});
      }
      return removed(cluster, JOB_RIGHTS, 'mesh-upgrade-jobs');
    },
  },
  {
    name: 'an istiod that is scaled to zero',
    check: 'control-plane-health',
    severity: 'blocker',
    observed: /0 pods are wanted/,
    async cause(cluster) {
      const { spec } = await cluster.get<Deployment>(ISTIOD);
      await cluster.patch(ISTIOD, { spec: { replicas: 0 } });
      return () => cluster.patch(ISTIOD, { spec: { replicas: spec.replicas } });
    },
  },
  {
    name: 'an istiod that Argo CD keeps in Git',
    check: 'gitops-owner',
    severity: 'blocker',
    observed: /argocd\.argoproj\.io\/tracking-id/,
    async cause(cluster) {
      const mark = (value: string | null) =>
        cluster.patch(ISTIOD, {
          metadata: { annotations: { [KEPT_IN_GIT]: value } },
        });
      await mark('mesh:apps/Deployment:istio-system/istiod');
      return () => mark(null);
    },
  },
  {
    name: 'a budget that lets no pod of istiod go',
    check: 'control-plane-availability',
    severity: 'warning',
    observed: /no-disruption/,
    async cause(cluster) {
      const name = 'no-disruption';
      await cluster.post(BUDGETS, {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name, namespace: 'istio-system' },
        spec: {
          minAvailable: '100%',
          selector: { matchLabels: { app: 'istiod' } },
        },
      });
      return () => cluster.delete(`${BUDGETS}/${name}`);
    },
  },
  {
    name: 'an image that the registry lacks',
    check: 'images',
    severity: 'blocker',
    observed: /proxyv2/,
    target: HALF_PUBLISHED,
    async cause(cluster) {
      const { spec } = await cluster.get<Deployment>(ISTIOD);
      const [{ image }] = spec.template.spec.containers;
      const proxy = image.replace('/pilot:', '/proxyv2:');
      await tagImage(image, HALF_PUBLISHED);
      return () => tagImage(proxy, HALF_PUBLISHED);
    },
  },
];

/** Takes an object away; its return brings it back. */
async function removed(
  cluster: ClusterAccess,
  collection: string,
  name: string,
): Promise<() => Promise<unknown>> {
  const { metadata, ...object } = await cluster.get<{
    metadata: { name: string; namespace?: string };
  }>(`${collection}/${name}`);
  await cluster.delete(`${collection}/${name}`);
  return () =>
    cluster.post(collection, {
      ...object,
      metadata: { name: metadata.name, namespace: metadata.namespace },
    });
}
