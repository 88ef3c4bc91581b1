import type { WorkloadFact } from '../facts/types';

const NOT_YET = 'Not supported yet: restarting a';

/** Why sidecars of a kind other than a Deployment cannot be upgraded from here, and what to do instead. */
export function restartObstacle({
  kind,
  strategy,
  controller,
}: WorkloadFact): string {
  switch (kind) {
    case 'StatefulSet':
    case 'DaemonSet':
      return strategy === 'OnDelete'
        ? `${NOT_YET} ${kind} with the strategy OnDelete, whose pods are replaced only one by one when they are deleted; delete them yourself`
        : `${NOT_YET} ${kind}; upgrade its sidecars by restarting it yourself`;
    case 'ReplicaSet':
    case 'ReplicationController':
      return `${NOT_YET} ${kind} without a Deployment, whose pods a change of the template does not touch; evict its pods yourself`;
    case 'Rollout':
      return `${NOT_YET} Rollout, which Argo Rollouts does itself after spec.restartAt; use its restart command`;
    case 'DeploymentConfig':
      return `${NOT_YET} DeploymentConfig, which takes a new deployment by OpenShift; use oc rollout latest`;
    case 'CloneSet':
      return strategy === undefined || strategy === 'ReCreate'
        ? `${NOT_YET} CloneSet; upgrade its sidecars by restarting it yourself`
        : `${NOT_YET} CloneSet with the strategy ${strategy}, which changes pods in place; mark its pods with apps.kruise.io/specified-delete yourself`;
    case 'Job':
      return 'A Job cannot be restarted: its template is fixed, and its running pods keep their sidecar to their end';
    case 'CronJob':
      return 'A CronJob needs no restart: its next run gets the new sidecar';
    case 'Pod':
      return controller
        ? `The pod belongs to ${controller.kind} ${controller.name}, a kind that is not read: add it to meshUpgrade.customWorkloads, or restart it by its own means`
        : 'Nothing would start a bare Pod again: replace it yourself';
    default:
      return `${NOT_YET} ${kind}; upgrade its sidecars by its own means`;
  }
}
