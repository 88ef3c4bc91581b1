import { toError } from '@backstage/errors';
import type {
  CheckProgress,
  CheckReport,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Response } from 'express';
import type { CheckOptions } from '../checks/types';

export const JSON_LINES = 'application/x-ndjson';

/**
 * Answers a check line by line as it goes, see `CheckProgress`. What fails
 * before the first line is refused as anywhere else; what fails later is the
 * last line. A caller who leaves ends the check.
 */
export async function answerLive(
  res: Response,
  check: (
    options: Required<Pick<CheckOptions, 'onProgress' | 'signal'>>,
  ) => Promise<CheckReport>,
): Promise<void> {
  const gone = new AbortController();
  res.on('close', () => gone.abort(new Error('the caller has gone')));
  const tell = (progress: CheckProgress) => {
    if (gone.signal.aborted) {
      return;
    }
    if (!res.headersSent) {
      res.setHeader('Content-Type', JSON_LINES);
      // Neither compression nor a proxy may hold lines back.
      res.setHeader('Cache-Control', 'no-cache, no-transform');
      res.setHeader('X-Accel-Buffering', 'no');
    }
    res.write(`${JSON.stringify(progress)}\n`);
  };
  try {
    const report = await check({ onProgress: tell, signal: gone.signal });
    tell({ type: 'report', report });
  } catch (error) {
    if (!res.headersSent) {
      throw error;
    }
    const { name, message } = toError(error);
    tell({ type: 'error', error: { name, message } });
  }
  res.end();
}
