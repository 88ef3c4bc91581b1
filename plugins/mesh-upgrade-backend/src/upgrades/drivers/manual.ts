import type {
  ControlPlaneView,
  MeshClusterView,
  RevisionView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { INJECTION_HEALTH_ACTION } from '../actuators/health/injectionHealth';
import {
  MANUAL_UPGRADE_ACTION,
  type ManualUpgradeParameters,
} from '../actuators/manualUpgrade';
import { manualWay, type ManualWay } from './manualWays';
import type { DriverPlan, PlannedStep } from './types';

/** What a run names as its driver when people do what it waits for. */
export const MANUAL_DRIVER = 'manual';

/** A control plane that no driver changes: the run shows the commands, waits and verifies. */
export function planManually(
  controlPlane: ControlPlaneView,
  targetVersion: string,
  way: ManualWay = manualWay(controlPlane, targetVersion),
): DriverPlan {
  const { cluster, namespace, name, revision, version, install } = controlPlane;
  const parameters: ManualUpgradeParameters = {
    namespace,
    deployment: name,
    revision,
    version: targetVersion,
    what: way.what,
    commands: way.commands,
  };
  return {
    changes: [
      {
        cluster,
        object: `Deployment ${namespace}/${name}`,
        before: version ?? 'unknown version',
        after: targetVersion,
        effect: effectOf(way, install.evidence),
      },
    ],
    steps: [stepOf(cluster, name, parameters)],
    successor: way.successor,
  };
}

/** A cluster whose istiod is out of sight: its provider upgrades it, and the injector tells when that is done. */
export function planExternal(
  { cluster }: MeshClusterView,
  { revision, url, injects }: RevisionView,
  targetVersion: string,
): DriverPlan {
  const parameters: ManualUpgradeParameters = {
    namespace: '',
    deployment: '',
    revision,
    version: targetVersion,
    what: `istiod of revision ${revision} is outside of this cluster${
      url ? `, at ${url}` : ''
    }: ask whoever runs it for ${targetVersion}. With istioctl ${targetVersion}, on the cluster where it runs:`,
    commands: [
      'istioctl upgrade -f <the file it was installed with>',
      `istioctl version --remote # shows ${targetVersion} when it is done`,
    ],
    external: true,
  };
  return {
    changes: [
      {
        cluster,
        object: `Injector of revision ${revision}`,
        before: injects ?? 'unknown version',
        after: targetVersion,
        effect: effectOf(parameters, []),
      },
    ],
    steps: [
      stepOf(cluster, `Revision ${revision}`, parameters),
      {
        phase: 'healthCheck',
        title: `Revision ${revision}: injection`,
        cluster,
        action: INJECTION_HEALTH_ACTION,
        parameters,
      },
    ],
  };
}

function stepOf(
  cluster: string,
  title: string,
  parameters: ManualUpgradeParameters,
): PlannedStep {
  return {
    phase: 'upgrade',
    title,
    cluster,
    action: MANUAL_UPGRADE_ACTION,
    parameters,
  };
}

/** A sentence, and below it the commands, each on a line of its own. */
function effectOf(
  { what, commands }: Pick<ManualWay, 'what' | 'commands'>,
  evidence: string[],
): string {
  const marks = evidence.length > 0 ? ` (${evidence.join('; ')})` : '';
  return [
    `Nothing is written from here${marks}: the run waits until the cluster shows the new version. ${what}`,
    ...commands,
  ].join('\n');
}
