import { exec } from '../exec.mjs';
import { root } from '../paths.mjs';
import { wholeResult } from './Part.mjs';

/** @type {import('./Part.mjs').Part} */
export const types = {
  name: 'types',
  async run({ env }) {
    return wholeResult(await exec('yarn', ['tsc'], { cwd: root, env }));
  },
};
