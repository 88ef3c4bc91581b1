import assert from 'node:assert/strict';
import type {
  RunStepView,
  RunView,
  UpgradePlan,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../scripts/lib/poll.mjs';
import type { Answer, Product } from '../../Product';
import type { CheckedUpgrade } from '../checks/facts';
import { checkUntil } from '../checks/reports';

const SEEN_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 3 * 60_000;

/** Asks for the plan, whatever the answer. */
export function askPlan(
  product: Product,
  { meshId, target }: CheckedUpgrade,
): Promise<Answer> {
  return product.call('ada', 'POST', '/plans', {
    kind: 'mesh',
    meshId,
    targetVersion: target,
  });
}

/** The plan, once the inventory knows enough for it to be `isSo`. */
export function planUntil(
  product: Product,
  upgrade: CheckedUpgrade,
  what: string,
  isSo: (plan: UpgradePlan) => boolean,
): Promise<UpgradePlan> {
  let last: Answer | undefined;
  return poll(
    async () => {
      last = await askPlan(product, upgrade);
      return last.status === 200 && isSo(last.body) ? last.body : undefined;
    },
    {
      timeoutMs: SEEN_TIMEOUT_MS,
      intervalMs: 300,
      what,
      last: () => JSON.stringify(last),
    },
  );
}

/** Starts what was planned and checked, whatever the answer. */
export async function tryStart(
  product: Product,
  { meshId, target }: CheckedUpgrade,
  consents: string[],
): Promise<Answer> {
  const { hash } = await planUntil(
    product,
    { meshId, target },
    `a plan to ${target}`,
    () => true,
  );
  return product.call('ada', 'POST', '/runs', {
    kind: 'mesh',
    meshId,
    targetVersion: target,
    planHash: hash,
    consents,
  });
}

/** Starts once the checks pass, with every consent they ask for. */
export async function start(
  product: Product,
  upgrade: CheckedUpgrade,
): Promise<RunView> {
  const { consents } = await checkUntil(
    product,
    upgrade,
    `the checks to pass for ${upgrade.target}`,
    ({ passed }) => passed,
  );
  const { status, body } = await tryStart(product, upgrade, consents);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** Asks for a run until it is as it should be; fails at once when it ended. */
export function runUntil(
  product: Product,
  id: string,
  what: string,
  isSo: (run: RunView) => boolean,
): Promise<RunView> {
  let last: RunView | undefined;
  return poll(
    async () => {
      last = await product.get<RunView>('ada', `/runs/${id}`);
      if (isSo(last)) {
        return last;
      }
      assert(!last.endedAt, `the run ended too early: ${describeRun(last)}`);
      return undefined;
    },
    {
      timeoutMs: SEEN_TIMEOUT_MS,
      intervalMs: 100,
      what,
      last: () => (last ? describeRun(last) : 'never seen'),
    },
  );
}

/** @throws AssertionError when it ends in another state. */
export async function ends(
  product: Product,
  id: string,
  state: 'succeeded' | 'failed',
): Promise<RunView> {
  const run = await product.runToItsEnd(id, RUN_TIMEOUT_MS);
  assert.equal(run.state, state, describeRun(run));
  return run;
}

/** The step of the first phase that upgrades this. */
export function stepOf(
  { steps }: RunView,
  cluster: string,
  title: string,
): RunStepView {
  const found = steps.find(
    step =>
      step.phase === 'upgrade' &&
      step.cluster === cluster &&
      step.title === title,
  );
  assert(found, `the run has no step for ${title} on ${cluster}`);
  return found;
}

function describeRun({ state, message, steps }: RunView): string {
  return `${state}: ${message}\n${steps
    .map(one => `${one.title} on ${one.cluster} ${one.state}: ${one.message}`)
    .join('\n')}`;
}
