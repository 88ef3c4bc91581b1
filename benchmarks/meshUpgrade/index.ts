import { parseArgs } from 'node:util';
import type { Benchmark } from '../Benchmark';
import { benchManyRuns } from './manyRuns';
import { benchSingleRuns } from './singleRuns';

/** How soon a run acts and ends, and what runs cost API servers and users. */
export const meshUpgrade: Benchmark = {
  name: 'mesh-upgrade',
  title: 'how soon a run acts and ends, and what runs cost',
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        'single-only': { type: 'boolean' },
        'many-only': { type: 'boolean' },
      },
    });
    return [
      ...(values['many-only'] ? [] : await benchSingleRuns()),
      ...(values['single-only'] ? [] : await benchManyRuns()),
    ];
  },
};
