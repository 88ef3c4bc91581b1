import type {
  CheckProgress,
  CheckReport,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { request } from 'node:http';
import { createInterface } from 'node:readline';

/** How a check went, in milliseconds from the request. */
export interface FollowedCheck {
  firstResultMs: number;
  totalMs: number;
  report: CheckReport;
}

/** Asks for a check as the page does: line by line. */
export async function followCheck(
  url: string,
  token: string,
  subject: UpgradeSubject,
): Promise<FollowedCheck> {
  const startedAt = performance.now();
  const answer = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    request(
      `${url}/api/mesh-upgrade/checks`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/x-ndjson',
        },
      },
      resolve,
    )
      .on('error', reject)
      .end(JSON.stringify(subject));
  });
  let firstResultMs: number | undefined;
  const seen: string[] = [];
  for await (const line of createInterface({
    input: answer as NodeJS.ReadableStream & AsyncIterable<Buffer>,
  })) {
    const progress = JSON.parse(line) as CheckProgress;
    seen.push(line.slice(0, 300));
    if (progress.type === 'result') {
      firstResultMs ??= performance.now() - startedAt;
    }
    if (progress.type === 'report' && firstResultMs !== undefined) {
      return {
        firstResultMs,
        totalMs: performance.now() - startedAt,
        report: progress.report,
      };
    }
  }
  throw new Error(`A check ended without a report:\n${seen.join('\n')}`);
}
