import { parseArgs } from 'node:util';
import type { Figure } from './Benchmark';

type Half = () => Promise<Figure[]>;

/** Runs what is measured on the lab and on the testbed, or one of them by option. */
export async function runHalves(
  args: string[],
  { testbed, lab }: { testbed: Half; lab: Half },
): Promise<Figure[]> {
  const { values } = parseArgs({
    args,
    options: {
      'testbed-only': { type: 'boolean' },
      'lab-only': { type: 'boolean' },
    },
  });
  return [
    ...(values['lab-only'] ? [] : await testbed()),
    ...(values['testbed-only'] ? [] : await lab()),
  ];
}
