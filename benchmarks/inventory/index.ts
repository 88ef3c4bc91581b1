import { parseArgs } from 'node:util';
import type { Benchmark } from '../Benchmark';
import { benchLab } from './lab';
import { benchTestbed } from './testbed';

/** How fast clusters are read and how fast what was read is answered. */
export const inventory: Benchmark = {
  name: 'inventory',
  title:
    'cold sync, memory, queries and freshness; --testbed-only or --lab-only for one half',
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        'testbed-only': { type: 'boolean' },
        'lab-only': { type: 'boolean' },
      },
    });
    return [
      ...(values['lab-only'] ? [] : await benchTestbed()),
      ...(values['testbed-only'] ? [] : await benchLab()),
    ];
  },
};
