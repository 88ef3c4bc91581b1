import type { LoggerService } from '@backstage/backend-plugin-api';
import { Pause } from '../collect/Pause';
import type { ClusterLease } from './ClusterLease';
import { Tenure } from './Tenure';

/** The rhythm of a lease, in milliseconds. */
export interface LeaseTiming {
  /** How long a lease lasts that is not renewed. */
  ttlMs: number;
  /** How often a held lease is renewed and another's is tried. */
  renewMs: number;
}

/** A replica that dies is replaced after at most `ttlMs` and one and a quarter `renewMs`: below half a minute. */
export const DEFAULT_LEASE_TIMING: LeaseTiming = {
  ttlMs: 20_000,
  renewMs: 5_000,
};

/**
 * Runs `work` whenever this replica holds the lease, and stops it when the
 * lease is lost. Resolves when the signal is aborted and the lease is free;
 * never rejects.
 */
export async function holdLease(options: {
  lease: Pick<ClusterLease, 'acquire' | 'release'>;
  /** Runs until its signal is aborted. */
  work: (signal: AbortSignal) => Promise<void>;
  timing: LeaseTiming;
  logger: LoggerService;
  signal: AbortSignal;
}): Promise<void> {
  const { lease, work, timing, logger, signal } = options;
  const pause = new Pause();
  let tenure: Tenure | undefined;
  let heldUntil = 0;

  const endTenure = async () => {
    await tenure?.end();
    tenure = undefined;
  };

  while (!signal.aborted) {
    const askedAt = performance.now();
    const answer = await ask(lease, logger);
    if (answer === 'held') {
      heldUntil = askedAt + timing.ttlMs;
      if (!signal.aborted && !tenure?.running) {
        tenure = Tenure.start({ work, logger, signal });
      }
    } else if (answer === 'lost' || performance.now() >= heldUntil) {
      await endTenure();
    }
    await pause.wait(timing.renewMs * (1 + Math.random() / 4), signal);
  }
  await endTenure();
  await lease.release().catch(error =>
    // It runs out by itself, only later.
    logger.warn('A lease could not be released', error as Error),
  );
}

/** While the database does not answer, a lease is neither held nor lost: it lasts as long as it was given. */
async function ask(
  lease: Pick<ClusterLease, 'acquire'>,
  logger: LoggerService,
): Promise<'held' | 'lost' | 'unanswered'> {
  try {
    return (await lease.acquire()) ? 'held' : 'lost';
  } catch (error) {
    logger.warn(
      'The database did not answer for a lease; asking again',
      error as Error,
    );
    return 'unanswered';
  }
}
