import type { Cluster } from '../cluster/Cluster';
import { startDaemonSetController } from './daemonSet';
import { startDeploymentController } from './deployment';
import { startDisruptionBudgetController } from './disruptionBudget';
import { startGarbageCollector } from './garbageCollector';
import { startJobController } from './job';
import { startKubelet } from './kubelet';
import { startReplicaSetController } from './replicaSet';
import { startSailOperator } from './sail';
import { startStatefulSetController } from './statefulSet';

/** Starts everything that acts on a cluster by itself. */
export function startControllers(cluster: Cluster) {
  startKubelet(cluster);
  startReplicaSetController(cluster);
  startDeploymentController(cluster);
  startStatefulSetController(cluster);
  startDaemonSetController(cluster);
  startJobController(cluster);
  startDisruptionBudgetController(cluster);
  startGarbageCollector(cluster);
  startSailOperator(cluster);
}
