/**
 * @typedef {object} PartResult
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 * @property {string} [output] shown in full when something failed
 * @property {string[]} [notes] what is worth telling also when nothing failed
 * @property {string[]} [missing] what this machine could not run, and why
 */

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {(context: PartContext) => Promise<PartResult>} run
 */

/**
 * @typedef {object} PartContext
 * @property {NodeJS.ProcessEnv} env environment of the toolchain
 * @property {() => Promise<string | undefined>} testbedMissing why there can
 *   be no testbed on this machine; undefined once it is built
 */

/** @returns {PartResult} of a program that either passes or fails as a whole */
export function wholeResult({ code, output }) {
  return code === 0
    ? { passed: 1, failed: 0 }
    : { passed: 0, failed: 1, output };
}

/** @returns {PartResult} */
export function sum(results) {
  const total = key =>
    results.reduce((count, result) => count + (result[key] ?? 0), 0);
  return {
    passed: total('passed'),
    failed: total('failed'),
    skipped: total('skipped'),
    output: results.map(result => result.output ?? '').join('\n'),
    missing: results.flatMap(result => result.missing ?? []),
  };
}

/**
 * Of a program whose last line counts, e.g. `12 passed, 1 failed`. Without
 * that line, or with a code that contradicts it, it failed.
 *
 * @returns {PartResult}
 */
export function countedResult({ code, output }) {
  const lines = output.trimEnd().split('\n');
  const counts = /^(\d+) passed, (\d+) failed/.exec(lines[lines.length - 1]);
  if (!counts) {
    return { passed: 0, failed: 1, output };
  }
  const [passed, failed] = counts.slice(1).map(Number);
  const contradiction = code !== 0 && failed === 0 ? 1 : 0;
  return { passed, failed: failed + contradiction, output };
}

/** Arguments of node that run a TypeScript entry of this repository. */
export function typescript(entry, ...args) {
  return [
    '--require',
    '@backstage/cli/config/nodeTransform.cjs',
    entry,
    ...args,
  ];
}
