import type { Cluster } from '../cluster/Cluster';
import { applyControlPlane } from '../controlPlane/applyControlPlane';
import { ISTIO_NAMESPACE, istiodName } from '../controlPlane/names';
import { recordRelease } from '../controlPlane/releases';
import { isEndOfLife, resolveVersion } from '../controlPlane/sailVersions';
import {
  DEPLOYMENTS,
  ISTIO_REVISIONS,
  ISTIOS,
  NAMESPACES,
  type Resource,
} from '../kubernetes/resources';
import type {
  Condition,
  Istio,
  IstioRevision,
  IstioValues,
  SailStatus,
} from '../kubernetes/types';
import { controllerReference } from './ownership';

/** How long the operator takes for one reconciliation, in milliseconds of lab time. */
const RECONCILE_DELAY = 300;

/**
 * The Sail operator: keeps the control plane at `spec.version`. As the real one does, it reports
 * `Healthy` while the Deployment still rolls, and never restarts a workload.
 */
export function startSailOperator(cluster: Cluster) {
  cluster.onChange(({ resource, type, object, previous }) => {
    if (
      type === 'DELETED' ||
      (type === 'MODIFIED' && previous!.spec === object.spec)
    ) {
      return;
    }
    const { name } = object.metadata;
    if (resource === (ISTIOS as Resource)) {
      cluster.queue.add(
        `istio ${name}`,
        () => reconcile(cluster, name),
        RECONCILE_DELAY,
      );
    }
  });
}

/** The name of the revision that an `Istio` asks for. */
export function activeRevisionName(istio: {
  metadata: { name?: string };
  spec: Istio['spec'];
}): string {
  const { name = '' } = istio.metadata;
  return istio.spec.updateStrategy?.type === 'RevisionBased'
    ? `${name}-${istio.spec.version?.replaceAll('.', '-')}`
    : name;
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

/** The status of an `Istio` or `IstioRevision` that stands. */
export function healthyStatus(options: {
  generation: number | undefined;
  now: string;
  activeRevision?: string;
  inUse?: number;
}): SailStatus {
  const condition = (type: string): Condition => ({
    type,
    status: 'True',
    reason: type,
    lastTransitionTime: options.now,
  });
  return {
    observedGeneration: options.generation,
    state: 'Healthy',
    ...(options.activeRevision && {
      activeRevisionName: options.activeRevision,
      revisions: { total: 1, ready: 1, inUse: options.inUse ?? 1 },
    }),
    conditions: [
      condition('Reconciled'),
      condition('Ready'),
      condition('DependenciesHealthy'),
    ],
  };
}

function reconcile(cluster: Cluster, name: string) {
  const istio = cluster.store.get(ISTIOS, undefined, name);
  if (!istio) {
    return;
  }
  const version = istio.spec.version ?? '';
  if (isEndOfLife(version)) {
    refuse(cluster, istio, version);
    return;
  }
  const revision = applyRevision(cluster, istio, version);
  const namespace = istio.spec.namespace ?? ISTIO_NAMESPACE;
  const owner = controllerReference(ISTIO_REVISIONS, revision);
  const values = sailValues(istio.spec.values, version);
  const release = `${revision.metadata.name}-istiod`;
  const current = cluster.store.get(
    DEPLOYMENTS,
    namespace,
    istiodName(revision.metadata.name),
  );
  applyControlPlane(cluster, {
    revision: revision.metadata.name,
    chartVersion: resolveVersion(version),
    values,
    release,
    replicas: current?.spec.replicas ?? 2,
    owner,
  });
  recordRelease(cluster, {
    name: release,
    namespace,
    chart: 'istiod',
    version: resolveVersion(version),
    config: values,
  });
  const now = cluster.clock.now();
  cluster.store.update(
    ISTIO_REVISIONS,
    undefined,
    revision.metadata.name,
    each => ({
      ...each,
      status: healthyStatus({ generation: each.metadata.generation, now }),
    }),
  );
  cluster.store.update(ISTIOS, undefined, name, each => ({
    ...each,
    status: healthyStatus({
      generation: each.metadata.generation,
      now,
      activeRevision: revision.metadata.name,
      inUse: isInUse(cluster, revision.metadata.name) ? 1 : 0,
    }),
  }));
}

function isInUse(cluster: Cluster, revision: string): boolean {
  return cluster.store
    .list(NAMESPACES)
    .some(
      ({ metadata: { labels = {} } }) =>
        labels['istio.io/rev'] === revision ||
        (revision === 'default' && labels['istio-injection'] === 'enabled'),
    );
}

function applyRevision(
  cluster: Cluster,
  istio: Istio,
  version: string,
): IstioRevision {
  const name = activeRevisionName(istio);
  const spec = {
    version,
    namespace: istio.spec.namespace ?? ISTIO_NAMESPACE,
    values: istio.spec.values,
  };
  if (cluster.store.get(ISTIO_REVISIONS, undefined, name)) {
    return cluster.store.update(ISTIO_REVISIONS, undefined, name, each => ({
      ...each,
      spec,
    }));
  }
  return cluster.store.create(ISTIO_REVISIONS, {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioRevision',
    metadata: { name, ownerReferences: [controllerReference(ISTIOS, istio)] },
    spec,
  });
}

/** An end-of-life version is accepted, reported, and changes nothing. */
function refuse(cluster: Cluster, istio: Istio, version: string) {
  const now = cluster.clock.now();
  cluster.store.update(ISTIOS, undefined, istio.metadata.name, each => ({
    ...each,
    status: {
      ...each.status,
      observedGeneration: each.metadata.generation,
      state: 'ReconcileError',
      conditions: [
        {
          type: 'Reconciled',
          status: 'False',
          reason: 'ReconcileError',
          message: `validation error: version "${version}" is end-of-life and cannot be installed; use a supported version`,
          lastTransitionTime: now,
        },
        {
          type: 'Ready',
          status: 'Unknown',
          reason: 'ReconcileError',
          message: 'cannot determine readiness due to reconciliation error',
          lastTransitionTime: now,
        },
      ],
    },
  }));
}
