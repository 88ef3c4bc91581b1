import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { assertReturn, assertRetry } from './assertSuccession';
import { newStep, storedRun } from './testing/runs';
import type { Run } from './types';

const mesh = (overrides: Partial<UpgradeSubject> = {}) =>
  ({
    kind: 'mesh',
    meshId: 'shop',
    targetVersion: '1.30.3',
    ...overrides,
  } as UpgradeSubject & { kind: 'mesh' });
const failed = storedRun({ state: 'failed' });
const restarts = storedRun({
  kind: 'sidecars',
  state: 'stopped',
  steps: [newStep({ workload: 'a' }), newStep({ workload: 'b' })],
  plan: { ...failed.plan, skipped: [{ workload: 'c', reason: 'a Job' }] },
});
const sidecars = (...workloads: string[]): UpgradeSubject => ({
  kind: 'sidecars',
  workloads,
});

describe('assertRetry', () => {
  it.each<[string, Run | undefined, UpgradeSubject, RegExp | undefined]>([
    ['a failed run of the mesh', failed, mesh(), undefined],
    ['a run of other workloads too', restarts, sidecars('b', 'c'), undefined],
    ['an unknown run', undefined, mesh(), /which is unknown/],
    ['a run under way', storedRun({ state: 'running' }), mesh(), /is running/],
    ['a success', storedRun({ state: 'succeeded' }), mesh(), /is succeeded/],
    ['another kind', failed, sidecars('a'), /of kind mesh/],
    ['another mesh', failed, mesh({ meshId: 'pay' }), /about mesh 'shop'/],
    ['another workload', restarts, sidecars('a', 'd'), /not about d/],
  ])('judges %s', (_, former, subject, refusal) => {
    const judge = () => assertRetry(former, subject, 'run-1');
    if (refusal) {
      expect(judge).toThrow(refusal);
    } else {
      expect(judge).not.toThrow();
    }
  });
});

describe('assertReturn', () => {
  const back = mesh({ targetVersion: '1.29.4' });
  const done = storedRun({ state: 'succeeded' });
  it.each<[string, Run | undefined, RegExp | undefined]>([
    ['the version it came from', done, undefined],
    ['an unknown run', undefined, /which is unknown/],
    ['a run under way', storedRun({ state: 'waiting' }), /is waiting/],
    ['a run of sidecars', restarts, /did not upgrade mesh 'shop'/],
    ['another mesh', { ...done, meshId: 'pay' }, /did not upgrade mesh/],
    ['another version', { ...done, fromVersion: '1.29.1' }, /from 1\.29\.1/],
  ])('judges %s', (_, former, refusal) => {
    const judge = () => assertReturn(former, back, 'run-1');
    if (refusal) {
      expect(judge).toThrow(refusal);
    } else {
      expect(judge).not.toThrow();
    }
  });
});
