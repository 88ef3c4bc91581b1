/** Passes of different runs begin no closer together, so that users' questions find their way between them. */
const APART_MS = 30;

/** Every run has to be looked at well before its lease runs out. */
const PART_OF_LEASE = 3;

/**
 * Milliseconds between the beginnings of two passes, when each of so many runs
 * is taken further in its turn. One alone has its turn every `cadenceMs`.
 */
export function turnPause(
  runs: number,
  { cadenceMs, leaseMs }: { cadenceMs: number; leaseMs: number },
): number {
  const round = Math.max(
    cadenceMs,
    Math.min(runs * APART_MS, leaseMs / PART_OF_LEASE),
  );
  return round / runs;
}
