import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { rolloutOf } from '../../kubernetes/rollout';
import type { Deployment } from '../../kubernetes/types';
import type { SidecarCheck } from '../types';
import type { FreshWorkload } from './freshWorkload';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** A restart on top of a rollout that is not over hides which of the two failed. */
export function rolloutInProgress(): SidecarCheck {
  return restartCheck({
    id: 'rollout-in-progress',
    title: 'No other rollout',
    worst: 'blocker',
    decide({ workload, object }) {
      const running = runningRollout(object);
      const says = {
        object: workloadName(workload),
        observed: running ?? 'Its last rollout is complete',
        expected: 'A workload whose last rollout is complete',
      };
      return running
        ? [
            blocker({
              ...says,
              title: 'Another rollout is going on or stuck',
              remedy: `Wait until it is complete (kubectl rollout status deployment/${workload.name} -n ${workload.namespace}) or correct what holds it up, then Recheck.`,
            }),
          ]
        : [passed({ ...says, title: 'No other rollout is going on' })];
    },
  });
}

/** Why the rollout is not over; undefined when it is. */
export function runningRollout(object: FreshWorkload): string | undefined {
  const { complete, failure } = rolloutOf(object as Deployment);
  if (failure !== undefined || complete) {
    return failure;
  }
  const { metadata, spec, status = {} } = object;
  const {
    observedGeneration = 0,
    replicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
    conditions = [],
  } = status;
  const desired = spec?.replicas ?? 1;
  if ((metadata.generation ?? 1) > observedGeneration) {
    return 'The controller has not seen its newest change yet';
  }
  if (updatedReplicas < desired) {
    return `${updatedReplicas} of ${desired} pods are of the newest template`;
  }
  if (replicas > updatedReplicas) {
    return `${
      replicas - updatedReplicas
    } pods of an older template are still there`;
  }
  // After the end of a rollout, missing pods are another trouble than a rollout.
  const ended = conditions.some(
    ({ type, reason }) =>
      type === 'Progressing' && reason === 'NewReplicaSetAvailable',
  );
  return ended
    ? undefined
    : `${availableReplicas} of ${updatedReplicas} new pods are available`;
}
