import { exec } from '../exec.mjs';
import { root } from '../paths.mjs';
import { sum, wholeResult } from './Part.mjs';

/** @type {import('./Part.mjs').Part} */
export const lint = {
  name: 'lint',
  async run({ env }) {
    const eslint = await exec(
      'yarn',
      ['backstage-cli', 'repo', 'lint', '--max-warnings', '0'],
      { cwd: root, env },
    );
    const prettier = await exec('yarn', ['prettier', '--check', '.'], {
      cwd: root,
      env,
    });
    return sum([wholeResult(eslint), wholeResult(prettier)]);
  },
};
