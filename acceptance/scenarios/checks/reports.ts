import assert from 'node:assert/strict';
import type {
  CheckFinding,
  CheckReport,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../scripts/lib/poll.mjs';
import type { Product } from '../../Product';
import type { CheckedUpgrade } from './facts';

const SEEN_TIMEOUT_MS = 60_000;

/** Asks what a pipeline would ask. */
export async function check(
  product: Product,
  { meshId, target }: CheckedUpgrade,
): Promise<CheckReport> {
  const { status, body } = await product.call('ada', 'POST', '/checks', {
    kind: 'mesh',
    meshId,
    targetVersion: target,
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Checks until the report is as it should be: the inventory may learn of a change a moment later. */
export async function checkUntil(
  product: Product,
  upgrade: CheckedUpgrade,
  what: string,
  isSo: (report: CheckReport) => boolean,
): Promise<CheckReport> {
  let last = '';
  return poll(
    async () => {
      const report = await check(product, upgrade).catch(error => {
        last = error.message;
        return undefined;
      });
      last = report ? describe(report.findings) : last;
      return report && isSo(report) ? report : undefined;
    },
    { timeoutMs: SEEN_TIMEOUT_MS, intervalMs: 300, what, last: () => last },
  );
}

/** All but what passed, one line each. */
export function describe(findings: CheckFinding[]): string {
  return findings
    .filter(({ severity }) => severity !== 'passed')
    .map(
      ({ severity, check: id, cluster, title, evidence }) =>
        `${severity} ${id} on ${cluster}: ${title} (${evidence.observed})`,
    )
    .join('\n');
}
