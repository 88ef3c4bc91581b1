import type { Cluster } from '../../cluster/Cluster';
import { apiVersionOf } from '../../kubernetes/resources';
import type { KubeObject } from '../../kubernetes/types';
import type { Change } from '../../store/ObjectStore';
import type { Operator } from '../Operator';
import { OPERATORS } from '../operators';
import { LabOperatorCluster } from './LabOperatorCluster';

/** How long an operator takes for one reconciliation, in milliseconds of lab time. */
const RECONCILE_DELAY = 300;
/** How often an operator that is stuck is looked at again. */
const STUCK_DELAY = 1000;

/** Lets the operators act on every change of a cluster of the lab; at the start all is as they want it. */
export function startOperators(cluster: Cluster) {
  const seen = new LabOperatorCluster(cluster);
  const enqueue = (
    operator: Operator,
    { metadata: { namespace, name } }: KubeObject,
    again?: number,
  ): void =>
    cluster.queue.add(
      `${apiVersionOf(operator.resource)} ${
        operator.resource.plural
      } ${namespace}/${name}${again === undefined ? '' : ' again'}`,
      () => {
        const object = cluster.store.get(operator.resource, namespace, name);
        const stuck = cluster.knobs().stuckOperators ?? [];
        if (!object) {
          return;
        }
        if (stuck.includes(operator.maker)) {
          enqueue(operator, object, STUCK_DELAY);
          return;
        }
        operator
          .reconcile(seen, object)
          .then(delay => {
            if (delay !== undefined) {
              enqueue(operator, object, delay);
            }
          })
          .catch(error => console.error('An operator of the lab:', error));
      },
      again ?? RECONCILE_DELAY,
    );
  const enqueueAll = (operator: Operator) =>
    cluster.store
      .list(operator.resource)
      .forEach(object => enqueue(operator, object));
  cluster.onChange(change => {
    for (const operator of OPERATORS) {
      if (isAsked(operator, change)) {
        enqueue(operator, change.object);
      } else if (operator.concerns?.(change.resource, change.object)) {
        enqueueAll(operator);
      }
    }
  });
  cluster.git.subscribe(() =>
    OPERATORS.filter(({ readsGit }) => readsGit).forEach(enqueueAll),
  );
}

/** An operator looks at what was asked of it, not at the status that it writes itself. */
function isAsked(
  { resource }: Operator,
  { resource: changed, type, object, previous }: Change,
): boolean {
  return (
    changed === resource &&
    type !== 'DELETED' &&
    (type === 'ADDED' ||
      object.metadata.annotations !== previous?.metadata.annotations ||
      object.spec !== previous?.spec ||
      operationOf(object) !== operationOf(previous))
  );
}

/** What Argo CD is asked to do stands beside the spec. */
function operationOf(object: KubeObject | undefined): unknown {
  return (object as { operation?: unknown } | undefined)?.operation;
}
