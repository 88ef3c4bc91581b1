/** An error whose message is meant for the person at the terminal; `exitCode` 3 means a needed system package is missing. */
export class TestbedError extends Error {
  constructor(message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.name = 'TestbedError';
    this.exitCode = exitCode;
  }
}

export const MISSING_PREREQUISITE = 3;
