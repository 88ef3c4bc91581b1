import { parseArgs } from 'node:util';
import type { Benchmark } from '../Benchmark';
import { benchMeshCheck } from './lab';
import { benchSidecarChecks } from './testbed';

/** How long a person waits for the checks before an upgrade. */
export const checks: Benchmark = {
  name: 'checks',
  title:
    'environment check of a large mesh, checks of many workloads; --testbed-only or --lab-only for one half',
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        'testbed-only': { type: 'boolean' },
        'lab-only': { type: 'boolean' },
      },
    });
    return [
      ...(values['testbed-only'] ? [] : await benchMeshCheck()),
      ...(values['lab-only'] ? [] : await benchSidecarChecks()),
    ];
  },
};
