import type { Cluster } from '../../cluster/Cluster';
import type { Container } from '../../kubernetes/types';
import { callsOf, parseCall, type Call } from './commandLine';
import { runHelm } from './helm';
import { runIstioctl } from './istioctl';

/** Where a simulated program prints, and how it ends. */
export interface Process {
  /** A file of a mounted ConfigMap or Secret; `undefined` when there is none at this path. */
  read: (path: string) => string | undefined;
  print: (line: string) => void;
  exit: (code: number) => void;
}

/** A call with its flags apart. */
export type ParsedCall = ReturnType<typeof parseCall>;

/** Runs the calls of a container one after another; the first that fails ends it. */
export function runCommand(
  cluster: Cluster,
  container: Container,
  process: Process,
) {
  const calls = callsOf(container);
  const next = (index: number) => {
    if (index === calls.length) {
      process.exit(0);
      return;
    }
    runCall(cluster, calls[index], {
      ...process,
      exit: code => (code === 0 ? next(index + 1) : process.exit(code)),
    });
  };
  next(0);
}

function runCall(cluster: Cluster, call: Call, process: Process) {
  const program = call[0].split('/').pop();
  const parsed = parseCall(call.slice(1));
  switch (program) {
    case 'helm':
      runHelm(cluster, parsed, process);
      break;
    case 'istioctl':
      runIstioctl(cluster, parsed, process);
      break;
    case 'set':
    case 'true':
      process.exit(0);
      break;
    case 'echo':
      process.print(call.slice(1).join(' '));
      process.exit(0);
      break;
    default:
      process.print(`sh: ${program}: not found`);
      process.exit(127);
  }
}
