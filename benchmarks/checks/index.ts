import type { Benchmark } from '../Benchmark';
import { runHalves } from '../runHalves';
import { benchMeshCheck } from './lab';
import { benchSidecarChecks } from './testbed';

/** How long a person waits for the checks before an upgrade. */
export const checks: Benchmark = {
  name: 'checks',
  title:
    'environment check of a large mesh, checks of many workloads; --testbed-only or --lab-only for one half',
  run: args =>
    runHalves(args, { testbed: benchSidecarChecks, lab: benchMeshCheck }),
};
