import assert from 'node:assert/strict';
import type {
  CheckReport,
  RunView,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../scripts/lib/poll.mjs';
import type { Product } from '../../Product';

/** Plans, checks and starts a subject of any kind as it is, with every consent that is asked for. */
export async function startSubject(
  product: Product,
  subject: UpgradeSubject,
): Promise<RunView> {
  const plan = await answered<UpgradePlan>(product, '/plans', subject);
  let obstacles = '';
  const { consents } = await poll(
    async () => {
      const report = await answered<CheckReport>(product, '/checks', subject);
      obstacles = JSON.stringify(
        report.findings.filter(
          ({ severity, blocks }) => severity === 'blocker' || blocks,
        ),
      );
      return report.passed ? report : undefined;
    },
    {
      timeoutMs: 60_000,
      intervalMs: 500,
      what: 'the checks to pass',
      last: () => obstacles,
    },
  );
  return answered<RunView>(product, '/runs', {
    ...subject,
    planHash: plan.hash,
    consents,
  });
}

async function answered<T>(
  product: Product,
  path: string,
  content: object,
): Promise<T> {
  const { status, body } = await product.call('ada', 'POST', path, content);
  assert(status < 300, `${path}: ${JSON.stringify(body)}`);
  return body;
}
