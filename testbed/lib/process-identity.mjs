import { readFileSync } from 'node:fs';

function readStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program name in brackets and may itself hold brackets and blanks.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { ended: state === 'Z', identity: { pid, startTime: fields[18] } };
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

/**
 * What tells a process from a later one that was given the same pid: its start time in clock ticks since boot.
 * Undefined when the process is gone or only its exit status is left.
 */
export function processIdentity(pid) {
  const stat = readStat(pid);
  return stat?.ended ? undefined : stat?.identity;
}

/** The identity of a child that was started in this very turn; it is there even when the child has ended already. */
export function newChildIdentity(pid) {
  return readStat(pid)?.identity;
}

export function isSameProcess({ pid, startTime }) {
  return processIdentity(pid)?.startTime === startTime;
}
