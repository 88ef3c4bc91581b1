import { InputError } from '@backstage/errors';
import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { isFinalRunState } from '../transitions';
import type { Run } from '../types';

/**
 * A run names another one as `retryOf` when it does the rest of it.
 *
 * @throws InputError when the other one is unknown, not over, has succeeded, or
 * was about something else
 */
export function assertRetry(
  former: Run | undefined,
  subject: UpgradeSubject,
  id: string,
): void {
  const refuse = (why: string) =>
    new InputError(`'retryOf' names run '${id}', ${why}`);
  if (!former) {
    throw refuse('which is unknown');
  }
  if (former.state !== 'failed' && former.state !== 'stopped') {
    throw refuse(
      `which is ${former.state}; only a failed or stopped run is tried again`,
    );
  }
  if (former.kind !== subject.kind) {
    throw refuse(`which is of kind ${former.kind}, not ${subject.kind}`);
  }
  if (subject.kind !== 'sidecars') {
    if (former.meshId !== subject.meshId) {
      throw refuse(`which is about mesh '${former.meshId}'`);
    }
    return;
  }
  const formerly = new Set([
    ...former.steps.map(({ workload }) => workload),
    ...former.plan.skipped.map(({ workload }) => workload),
  ]);
  const others = subject.workloads.filter(one => !formerly.has(one));
  if (others.length > 0) {
    throw refuse(`which was not about ${others.join(', ')}`);
  }
}

/**
 * A run names another one as `returnOf` when it takes that one back.
 *
 * @throws InputError when the other one is unknown, not over, of another mesh,
 * or came from another version
 */
export function assertReturn(
  former: Run | undefined,
  subject: UpgradeSubject & { kind: 'mesh' },
  id: string,
): void {
  const refuse = (why: string) =>
    new InputError(`'returnOf' names run '${id}', ${why}`);
  if (!former) {
    throw refuse('which is unknown');
  }
  if (former.kind !== 'mesh' || former.meshId !== subject.meshId) {
    throw refuse(`which did not upgrade mesh '${subject.meshId}'`);
  }
  if (!isFinalRunState(former.state)) {
    throw refuse(`which is ${former.state}; wait for its end`);
  }
  if (former.fromVersion !== subject.targetVersion) {
    throw refuse(
      `which came from ${former.fromVersion ?? 'several versions'}, not from ${
        subject.targetVersion
      }`,
    );
  }
}
