import type { Inventory } from '../../inventory/types';
import type { VersionCatalog } from '../../versions/types';
import type { SidecarCheck } from '../types';
import { autoscaler } from './autoscaler';
import { cniReady } from './cni-ready';
import { conflictingLabels } from './conflicting-labels';
import { desiredVersion } from './desired-version';
import { disruptionBudget } from './disruption-budget';
import { drainTime } from './drain-time';
import { envoyFilterVersion } from './envoyfilter-version';
import { gitOpsDrift } from './gitops-drift';
import {
  hotUpgradeConditions,
  type ProxyImages,
} from './hot-upgrade-conditions';
import { injectionDryRun } from './injection-dry-run';
import { injectionLabels } from './injection-labels';
import { istiodReady } from './istiod-ready';
import { istiodVersion } from './istiod-version';
import { kubernetesSupport } from './kubernetes-support';
import { manualInjection } from './manual-injection';
import { nativeSidecar } from './native-sidecar';
import { pausedRollout } from './paused-rollout';
import { pinnedImage } from './pinned-image';
import { podsUnhealthy } from './pods-unhealthy';
import { progressDeadline } from './progress-deadline';
import { proxyImage } from './proxy-image';
import { pullSecrets } from './pull-secrets';
import { quotaHeadroom } from './quota-headroom';
import { readinessProbe } from './readiness-probe';
import { restartMethod } from './restart-method';
import { restartPermission } from './restart-permission';
import { revisionChange } from './revision-change';
import { revisionTag } from './revision-tag';
import { rolloutInProgress } from './rollout-in-progress';
import { singleReplica } from './single-replica';
import { surgeCapacity } from './surge-capacity';
import { updateStrategy } from './update-strategy';
import { versionSkew } from './version-skew';
import { volumesAndPorts } from './volumes-and-ports';
import { webhookTrust } from './webhook-trust';
import { zeroReplicas } from './zero-replicas';

/** Every check of a workload's sidecars, in the order in which people ask. */
export function sidecarChecks(options: {
  inventory: Pick<Inventory, 'mesh'>;
  versions: Pick<VersionCatalog, 'images'>;
}): SidecarCheck[] {
  const proxyImages: ProxyImages = async (meshId, version, signal) => {
    const mesh = await options.inventory.mesh(meshId);
    return mesh
      ? options.versions.images(mesh, version, {
          components: ['proxyv2'],
          signal,
        })
      : [];
  };
  return [
    hotUpgradeConditions({ proxyImages }),
    restartMethod(),
    desiredVersion(),
    injectionDryRun(),
    injectionLabels(),
    conflictingLabels(),
    manualInjection(),
    pinnedImage(),
    revisionChange(),
    revisionTag(),
    versionSkew(),
    nativeSidecar(),
    istiodReady(),
    istiodVersion(),
    webhookTrust(),
    cniReady(),
    kubernetesSupport(),
    envoyFilterVersion(),
    proxyImage({ proxyImages }),
    pullSecrets(),
    restartPermission(),
    pausedRollout(),
    rolloutInProgress(),
    zeroReplicas(),
    podsUnhealthy(),
    updateStrategy(),
    singleReplica(),
    disruptionBudget(),
    readinessProbe(),
    drainTime(),
    progressDeadline(),
    quotaHeadroom(),
    surgeCapacity(),
    volumesAndPorts(),
    autoscaler(),
    gitOpsDrift(),
  ];
}
