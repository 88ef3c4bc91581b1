import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one that was given the same pid: its start time in clock ticks since boot.
 * Undefined when the process is gone or only its exit status is left.
 */
export function processIdentity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program name in brackets and may itself hold brackets and blanks.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : { pid, startTime: fields[18] };
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

export function isSameProcess({ pid, startTime }) {
  return processIdentity(pid)?.startTime === startTime;
}
