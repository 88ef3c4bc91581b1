import type { Cluster } from '../cluster/Cluster';
import { startOperators } from '../operators/runtime/startOperators';
import { startCloneSetController } from './cloneSet';
import { startDaemonSetController } from './daemonSet';
import { startDeploymentController } from './deployment';
import { startDisruptionBudgetController } from './disruptionBudget';
import { startGarbageCollector } from './garbageCollector';
import { startGatewayDeployer } from './gateway';
import { startJobController } from './job';
import { startKubelet } from './kubelet';
import { startReplicaOwnerController } from './replicaOwner';
import { startReplicaSetController } from './replicaSet';
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
  startReplicaOwnerController(cluster);
  startCloneSetController(cluster);
  startGatewayDeployer(cluster);
  startOperators(cluster);
}
