import { join } from 'node:path';
import { startProcess } from './processes.mjs';
import { writeState } from './state.mjs';

/**
 * Returns a function that starts a process and writes it into `state`, with its command, so that `down` ends it and it
 * can be started again. Once `signal` is aborted nothing is started any more.
 */
export function recordingStart(state, paths, signal) {
  return async (name, program, args, options = {}) => {
    signal?.throwIfAborted();
    const command = { program, args, cwd: paths.run, ...options };
    const log = join(paths.logs, `${name}.log`);
    const record = {
      ...startProcess({ name, log, ...command }),
      command: { ...command, env: additions(command.env) },
    };
    state.processes = [
      ...state.processes.filter(process => process.name !== name),
      record,
    ];
    await writeState(state);
    return record;
  };
}

/** What `env` has beyond the environment of this process. */
function additions(env = {}) {
  return Object.fromEntries(
    Object.entries(env).filter(([key, value]) => process.env[key] !== value),
  );
}
