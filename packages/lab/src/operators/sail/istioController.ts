import { isDeepStrictEqual } from 'node:util';
import { ISTIO_NAMESPACE } from '../../controlPlane/names';
import { isEndOfLife } from '../../controlPlane/sailVersions';
import { controllerReference } from '../../controllers/ownership';
import {
  ISTIO_REVISIONS,
  ISTIOS,
  type Resource,
} from '../../kubernetes/resources';
import type { Istio, IstioRevision } from '../../kubernetes/types';
import type { Operator, OperatorCluster } from '../Operator';
import { conditionsOf, endOfLife, findCondition } from './conditions';
import { activeRevisionName, releaseOfRevision } from './names';
import { istioStatus } from './status';

const DEFAULT_GRACE_SECONDS = 30;

/** Keeps the revision that an `Istio` asks for, and removes those it no longer needs. */
export const istioController: Operator<Istio> = {
  maker: 'sail',
  resource: ISTIOS,
  concerns: resource => resource === (ISTIO_REVISIONS as Resource),
  async reconcile(cluster, istio) {
    const { version = '' } = istio.spec;
    const now = cluster.now();
    if (isEndOfLife(version)) {
      await cluster.writeStatus(ISTIOS, istio, {
        ...istio.status,
        observedGeneration: istio.metadata.generation,
        ...conditionsOf(istio.status, endOfLife(version), now),
      });
      return undefined;
    }
    await keepRevision(cluster, istio);
    const revisions = await revisionsOf(cluster, istio);
    const { doomed, nextInMs } = inactiveRevisions(istio, revisions, now);
    for (const revision of doomed) {
      await cluster.charts.uninstall({
        name: releaseOfRevision(revision.metadata.name),
        namespace: revision.spec.namespace,
      });
      await cluster.remove(ISTIO_REVISIONS, revision);
    }
    await cluster.writeStatus(
      ISTIOS,
      istio,
      istioStatus(
        istio,
        revisions.filter(revision => !doomed.includes(revision)),
        now,
      ),
    );
    return nextInMs;
  },
};

/** Which revisions have been of no use for long enough, and when the next will have been. */
export function inactiveRevisions(
  istio: Istio,
  revisions: readonly IstioRevision[],
  now: string,
): { doomed: IstioRevision[]; nextInMs?: number } {
  const active = activeRevisionName(istio);
  const graceMs =
    (istio.spec.updateStrategy?.inactiveRevisionDeletionGracePeriodSeconds ??
      DEFAULT_GRACE_SECONDS) * 1000;
  const unused = revisions.flatMap(revision => {
    const inUse = findCondition(revision.status, 'InUse');
    return revision.metadata.name !== active && inUse?.status === 'False'
      ? [
          {
            revision,
            leftMs:
              Date.parse(inUse.lastTransitionTime!) + graceMs - Date.parse(now),
          },
        ]
      : [];
  });
  const waiting = unused.filter(({ leftMs }) => leftMs > 0);
  return {
    doomed: unused
      .filter(({ leftMs }) => leftMs <= 0)
      .map(({ revision }) => revision),
    ...(waiting.length && {
      nextInMs: Math.min(...waiting.map(({ leftMs }) => leftMs)),
    }),
  };
}

async function revisionsOf(
  cluster: OperatorCluster,
  { metadata: { uid } }: Istio,
): Promise<IstioRevision[]> {
  return (await cluster.list(ISTIO_REVISIONS)).filter(({ metadata }) =>
    metadata.ownerReferences?.some(owner => owner.uid === uid),
  );
}

async function keepRevision(cluster: OperatorCluster, istio: Istio) {
  const name = activeRevisionName(istio);
  const spec = {
    version: istio.spec.version ?? '',
    namespace: istio.spec.namespace ?? ISTIO_NAMESPACE,
    values: istio.spec.values,
  };
  const revision = await cluster.get(ISTIO_REVISIONS, undefined, name);
  if (!revision) {
    await cluster.create(ISTIO_REVISIONS, {
      apiVersion: 'sailoperator.io/v1',
      kind: 'IstioRevision',
      metadata: { name, ownerReferences: [controllerReference(ISTIOS, istio)] },
      spec,
    });
  } else if (!isDeepStrictEqual(revision.spec, spec)) {
    await cluster.update(ISTIO_REVISIONS, revision, each => ({
      ...each,
      spec,
    }));
  }
}
