import type { Benchmark } from '../Benchmark';
import { runHalves } from '../runHalves';
import { benchLab } from './lab';
import { benchTestbed } from './testbed';

/** How fast clusters are read and how fast what was read is answered. */
export const inventory: Benchmark = {
  name: 'inventory',
  title:
    'cold sync, memory, queries and freshness; --testbed-only or --lab-only for one half',
  run: args => runHalves(args, { testbed: benchTestbed, lab: benchLab }),
};
