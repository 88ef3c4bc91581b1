import type {
  InjectionStatus,
  UpgradeMethod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { WorkloadFact } from '../facts/types';
import { isFilledInByIstiod } from './image';
import { restartObstacle } from './restartObstacle';

const PROXY_IMAGE = 'sidecar.istio.io/proxyImage';

interface UpgradeSituation {
  workload: WorkloadFact;
  status: InjectionStatus;
  statusReason: string;
  /** A new pod would be injected. */
  injects: boolean;
  desiredVersion: string | undefined;
  /** Why there is no desired version. */
  desiredVersionProblem: string | undefined;
}

/** How the sidecars of a workload can be upgraded, and every reason why they cannot. */
export function upgradeMethod(situation: UpgradeSituation): UpgradeMethod {
  const blockers = [...blockersOf(situation)];
  return { kind: blockers.length > 0 ? 'none' : 'restart', blockers };
}

/** A gateway of the Gateway API, or a waypoint: istiod writes its Deployment, proxy included. */
export function isDeployedByIstiod({ part }: WorkloadFact): boolean {
  return part?.gateway?.origin === 'gatewayApi';
}

/** The template holds a proxy with an image of its own, so a restart keeps its version. */
export function isManuallyInjected({ template }: WorkloadFact): boolean {
  return (
    template.proxyImage !== undefined &&
    !isFilledInByIstiod(template.proxyImage)
  );
}

function* blockersOf({
  workload,
  status,
  statusReason,
  injects,
  desiredVersion,
  desiredVersionProblem,
}: UpgradeSituation): Generator<string> {
  if (isDeployedByIstiod(workload)) {
    yield 'Redeployed by istiod: when its control plane is upgraded, istiod gives this gateway the new proxy itself';
    return;
  }
  if (status === 'unknown') {
    yield `Whether a restart would inject a sidecar is unknown: ${statusReason}`;
    return;
  }
  if (status === 'excluded' || status === 'uninjected') {
    yield `No sidecar to upgrade: ${statusReason}`;
    return;
  }
  if (workload.kind !== 'Deployment') {
    yield restartObstacle(workload);
  }
  if (workload.paused) {
    yield `The ${workload.kind} is paused, a restart would not start: resume it first`;
  }
  const pin = workload.template.annotations[PROXY_IMAGE];
  if (isManuallyInjected(workload)) {
    yield `The pod template holds the proxy ${workload.template.proxyImage} itself (manual injection): a restart keeps that version`;
  } else if (pin !== undefined) {
    yield `The annotation ${PROXY_IMAGE} pins ${pin}: a restart keeps that version`;
  } else if (!injects) {
    yield `A restart would remove the sidecar. ${statusReason}`;
  } else if (desiredVersion === undefined) {
    yield `The version that a new pod would get is unknown: ${desiredVersionProblem}`;
  }
}
