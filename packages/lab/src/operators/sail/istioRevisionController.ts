import { istiodName } from '../../controlPlane/names';
import { resolveVersion } from '../../controlPlane/sailVersions';
import { controllerReference } from '../../controllers/ownership';
import {
  DEPLOYMENTS,
  ISTIO_REVISION_TAGS,
  ISTIO_REVISIONS,
  NAMESPACES,
  type Resource,
} from '../../kubernetes/resources';
import type { Deployment, IstioRevision } from '../../kubernetes/types';
import type { ChartRelease } from '../charts/Charts';
import type { Operator } from '../Operator';
import { findCondition } from './conditions';
import { releaseOfRevision, sailValues } from './names';
import { revisionStatus } from './status';
import { isRevisionInUse } from './usage';

/** Pods that let go of a revision are looked for this often. */
const USAGE_MS = 2000;
const RETRY_MS = 1000;

/** Installs the istiod of a revision and tells whether it is ready and of use. */
export const istioRevisionController: Operator<IstioRevision> = {
  maker: 'sail',
  resource: ISTIO_REVISIONS,
  concerns: (resource, object) =>
    resource === (NAMESPACES as Resource) ||
    resource === (ISTIO_REVISION_TAGS as Resource) ||
    (resource === (DEPLOYMENTS as Resource) &&
      object.metadata.labels?.app === 'istiod'),
  async reconcile(cluster, revision) {
    const { name } = revision.metadata;
    const istiodOf = () =>
      cluster.get(DEPLOYMENTS, revision.spec.namespace, istiodName(name));
    let failure: string | undefined;
    if (isToInstall(revision, await istiodOf())) {
      await cluster.charts.upgrade(releaseOf(revision)).catch(error => {
        failure = (error as Error).message;
      });
    }
    await cluster.writeStatus(
      ISTIO_REVISIONS,
      revision,
      revisionStatus(revision, {
        istiod: await istiodOf(),
        inUse: await isRevisionInUse(cluster, name),
        failure,
        now: cluster.now(),
      }),
    );
    if (failure !== undefined) {
      return RETRY_MS;
    }
    const all = await cluster.list(ISTIO_REVISIONS);
    return all.length > 1 ? USAGE_MS : undefined;
  },
};

function isToInstall(
  { metadata, status }: IstioRevision,
  istiod: Deployment | undefined,
): boolean {
  return (
    istiod === undefined ||
    status?.observedGeneration !== metadata.generation ||
    findCondition(status, 'Reconciled')?.status === 'False'
  );
}

function releaseOf(revision: IstioRevision): ChartRelease {
  const { name } = revision.metadata;
  const { namespace, version, values } = revision.spec;
  return {
    name: releaseOfRevision(name),
    namespace,
    chart: 'istiod',
    version: resolveVersion(version),
    values: {
      ...sailValues(values, version),
      revision: name === 'default' ? '' : name,
    },
    labels: { 'managed-by': 'sail-operator' },
    owner: controllerReference(ISTIO_REVISIONS, revision),
  };
}
