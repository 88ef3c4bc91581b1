import { toError } from '@backstage/errors';
import type {
  ControlPlaneView,
  MeshClusterView,
  RunSummary,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  consent,
  passed,
  undecided,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { SECRETS } from '../../helm/release';
import { rolloutOf } from '../../kubernetes/rollout';
import type { Deployment, Istio } from '../../kubernetes/types';
import type { KubernetesObject } from '../../clusters/types';
import { istiodName, istiodOf, operatedIstioOf } from '../istiod';
import type { ClusterReads, WholeMeshCheck, MeshCheckContext } from '../types';

const EXPECTED = 'Nothing else changes the control plane';
const PENDING = 'pending-install,pending-upgrade,pending-rollback';

/** Whether somebody or something is changing the control plane already. */
export function upgradeInProgress(options: {
  /** Runs of this product that have not ended. */
  activeRuns: () => Promise<RunSummary[]>;
}): WholeMeshCheck {
  return {
    id: 'upgrade-in-progress',
    title: 'No other upgrade is under way',
    worst: 'blocker',
    scope: 'mesh',
    async run(context) {
      const [runs, ...perCluster] = await Promise.all([
        options.activeRuns(),
        ...context.clusters.map(cluster => changesOn(cluster, context)),
      ]);
      const findings = [
        ...runs
          .filter(({ meshId }) => meshId === context.mesh.id)
          .filter(({ id }) => id !== context.runId)
          .map(ofRun),
        ...perCluster.flat(),
      ];
      return findings.length > 0
        ? findings
        : [
            passed({
              title: 'No other upgrade is under way',
              object: `mesh ${context.mesh.id}`,
              observed: 'Nothing changes the control plane',
              expected: EXPECTED,
            }),
          ];
    },
  };
}

async function changesOn(
  { cluster, controlPlanes }: MeshClusterView,
  context: MeshCheckContext,
): Promise<Finding[]> {
  try {
    const reads = context.at(cluster);
    const findings = await Promise.all(
      controlPlanes.map(each =>
        changesOf(each, { ...reads, once: context.once }),
      ),
    );
    return findings.flat().map(finding => ({ ...finding, cluster }));
  } catch (error) {
    // One cluster that does not answer hides nothing of the others.
    return [
      undecided({
        title: `Whether an upgrade is under way on ${cluster} is not known`,
        object: `cluster ${cluster}`,
        observed: toError(error).message,
        expected: EXPECTED,
        remedy: 'Remove the cause, then Recheck.',
        cluster,
      }),
    ];
  }
}

async function changesOf(
  controlPlane: ControlPlaneView,
  reads: ClusterReads & Pick<MeshCheckContext, 'once'>,
): Promise<Finding[]> {
  const [deployment, istio, pending] = await Promise.all([
    istiodOf(controlPlane, reads),
    operatedIstioOf(controlPlane, reads),
    controlPlane.install.method === 'helm'
      ? reads.list(SECRETS, {
          namespace: controlPlane.namespace,
          labelSelector: `owner=helm,status in (${PENDING})`,
        })
      : [],
  ]);
  return [
    ...ofRollout(istiodName(controlPlane), deployment),
    ...(istio ? ofOperator(istio) : []),
    ...ofHelm(controlPlane.namespace, pending),
  ];
}

function ofRun(run: RunSummary): Finding {
  return blocker({
    title: `Run ${run.id} of ${run.startedBy} ${
      run.startedAt ? 'is upgrading' : 'is about to upgrade'
    } this mesh to ${run.targetVersion}`,
    object: `run ${run.id}`,
    observed: run.waitsFor?.message ?? run.state,
    expected: EXPECTED,
    remedy: 'Wait until it has ended, or stop it; then Recheck.',
  });
}

/** A rollout of istiod that has neither ended nor been given up. */
export function ofRollout(object: string, deployment: Deployment): Finding[] {
  const { complete, failure, progress } = rolloutOf(deployment);
  const { status, metadata, spec } = deployment;
  const changing =
    (status?.observedGeneration ?? 0) < (metadata.generation ?? 0) ||
    (status?.updatedReplicas ?? 0) < (spec.replicas ?? 1) ||
    (status?.replicas ?? 0) > (status?.updatedReplicas ?? 0);
  if (failure) {
    return [
      blocker({
        title: `The last rollout of ${object} was given up`,
        object,
        observed: failure,
        expected: EXPECTED,
        remedy: `Look at it with kubectl -n ${metadata.namespace} rollout status deployment/${metadata.name}, correct or undo it, then Recheck.`,
      }),
    ];
  }
  // Pods that are merely ill are the health check's.
  return complete || !changing
    ? []
    : [
        blocker({
          title: `${object} is being rolled out`,
          object,
          observed: `${progress.done} of ${progress.total} pods are new and available`,
          expected: EXPECTED,
          remedy: 'Wait until the rollout has ended, then Recheck.',
        }),
      ];
}

/** What the Sail operator has not got done. */
export function ofOperator({ metadata, status }: Istio): Finding[] {
  const object = `Istio ${metadata.name}`;
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return [
      blocker({
        title: `The operator has not seen the last change of ${object}`,
        object,
        observed: 'status.observedGeneration is behind metadata.generation',
        expected: EXPECTED,
        remedy:
          'Wait until the operator has worked it in; look at the operator when it does not. Then Recheck.',
      }),
    ];
  }
  if (status?.state === 'ReconcileError') {
    const words = status.conditions?.find(
      each => each.type === 'Reconciled' && each.status === 'False',
    )?.message;
    return [
      consent({
        title: `The operator cannot work in ${object} as it is; it may not get the upgrade done either`,
        object,
        observed: words ?? 'ReconcileError',
        expected: EXPECTED,
        remedy: 'Correct what the operator names, then Recheck.',
      }),
    ];
  }
  return [];
}

/** Releases that an operation of helm holds, or that one left when it was cut off. */
export function ofHelm(
  namespace: string,
  secrets: KubernetesObject[],
): Finding[] {
  return secrets.map(({ metadata }) => {
    const name = metadata.labels?.name ?? metadata.name;
    const object = `Helm release ${namespace}/${name}`;
    return blocker({
      title: `Another operation of helm holds release ${name}`,
      object,
      observed: `status ${metadata.labels?.status ?? 'pending'}`,
      expected: EXPECTED,
      remedy: `Wait until it has ended. Was it cut off, go back with helm rollback ${name} -n ${namespace}, then Recheck.`,
    });
  });
}
