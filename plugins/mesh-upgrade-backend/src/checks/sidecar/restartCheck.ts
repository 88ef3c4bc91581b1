import type {
  CheckDescription,
  Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck, SidecarCheckContext } from '../types';
import { freshWorkload, type FreshWorkload } from './freshWorkload';

export interface RestartCheckContext extends SidecarCheckContext {
  /** As the API server has it now. */
  object: FreshWorkload;
}

/** A check of what a restart would do; there is nothing to check of a workload that is not restarted. */
export function restartCheck(
  description: CheckDescription & {
    decide(context: RestartCheckContext): Finding[] | Promise<Finding[]>;
  },
): SidecarCheck {
  const { decide, ...rest } = description;
  return {
    ...rest,
    applies: ({ method }) => method.kind !== 'none',
    run: async context =>
      decide({ ...context, object: await freshWorkload(context) }),
  };
}
