import { listAll } from '../../clusters/listAll';
import { rolloutOf } from '../../kubernetes/rollout';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { istiodVersion } from './controlPlane';
import { injectionHealth } from './health/injectionHealth';
import type { ControlPlaneHealthParameters } from './health/parameters';
import type { Look } from './LookActuator';

export const MANUAL_UPGRADE_ACTION = 'manual-upgrade';

/** What the plan says about a control plane that somebody else upgrades. */
export interface ManualUpgradeParameters extends ControlPlaneHealthParameters {
  /** What to do, in words. */
  what: string;
  commands: string[];
  /** istiod is out of sight: only its injector tells its version. */
  external?: boolean;
}

/** Shows what a person has to do and waits, as long as it takes, until the cluster shows that it was done. */
export const manualUpgrade: Look = {
  action: MANUAL_UPGRADE_ACTION,
  async look(client, step, options) {
    const { namespace, version, what, commands, external } =
      step.parameters as ManualUpgradeParameters;
    const instruction = [what, ...commands].join('\n');
    if (external) {
      const seen = await injectionHealth.look(client, step, options);
      return seen.state === 'moving'
        ? {
            state: 'waiting',
            message: `${instruction}\nNow: ${seen.message}`,
          }
        : seen;
    }
    const istiods = await listAll<Deployment>(client, DEPLOYMENTS, {
      namespace,
      labelSelector: 'app=istiod',
      signal: options.signal,
    });
    // The tool may bring up another Deployment beside the present one.
    const upgraded = istiods.find(each => istiodVersion(each) === version);
    if (!upgraded) {
      const now = istiods.map(
        each => `${each.metadata.name} ${istiodVersion(each) ?? 'unknown'}`,
      );
      return {
        state: 'waiting',
        message: `${instruction}\nNow: ${now.join(', ') || 'no istiod'}`,
      };
    }
    const { complete, progress, failure } = rolloutOf(upgraded);
    const where = `Deployment ${namespace}/${upgraded.metadata.name}`;
    if (failure) {
      return { state: 'failed', message: `${where}: ${failure}`, progress };
    }
    return {
      state: complete ? 'done' : 'moving',
      message: `${where}: ${progress.done} of ${progress.total} pods run ${version} and are available`,
      progress,
    };
  },
};
