/** Says what went wrong and what to do, in full: shown without a stack trace. */
export class CommandError extends Error {
  name = 'CommandError';

  /** @param {string} message @param {{ exitCode?: number }} [options] */
  constructor(message, { exitCode = 1 } = {}) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command's main function; its errors become lines and an exit code.
 * Ends the process even when something of it still runs: it was told to end.
 */
export async function main(run) {
  let code;
  try {
    code = (await run()) ?? 0;
  } catch (error) {
    const told = error instanceof CommandError;
    process.stderr.write(`\n${told ? error.message : error.stack}\n`);
    code = told ? error.exitCode : 1;
  }
  process.exit(code);
}
