import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { assertReturn, assertRetry } from './assertSuccession';
import { newStep, storedRun } from '../testing/runs';
import type { Run } from '../types';

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
  it.each<[string, Run, UpgradeSubject]>([
    ['a failed run of the mesh', failed, mesh()],
    ['a stopped run of other workloads too', restarts, sidecars('b', 'c')],
  ])('lets %s be tried again', (_, former, subject) => {
    expect(() => assertRetry(former, subject, 'run-1')).not.toThrow();
  });

  it.each<[string, Run | undefined, UpgradeSubject, RegExp]>([
    ['an unknown run', undefined, mesh(), /which is unknown/],
    ['a run under way', storedRun({ state: 'running' }), mesh(), /is running/],
    ['a success', storedRun({ state: 'succeeded' }), mesh(), /is succeeded/],
    ['another kind', failed, sidecars('a'), /of kind mesh/],
    ['another mesh', failed, mesh({ meshId: 'pay' }), /about mesh 'shop'/],
    ['another workload', restarts, sidecars('a', 'd'), /not about d/],
  ])('refuses %s', (_, former, subject, refusal) => {
    expect(() => assertRetry(former, subject, 'run-1')).toThrow(refusal);
  });
});

describe('assertReturn', () => {
  const back = mesh({ targetVersion: '1.29.4' });
  const done = storedRun({ state: 'succeeded' });

  it('lets a mesh return to where a run came from', () => {
    expect(() => assertReturn(done, back, 'run-1')).not.toThrow();
  });

  it.each<[string, Run | undefined, RegExp]>([
    ['an unknown run', undefined, /which is unknown/],
    ['a run under way', storedRun({ state: 'waiting' }), /is waiting/],
    ['a run of sidecars', restarts, /did not upgrade mesh 'shop'/],
    ['another mesh', { ...done, meshId: 'pay' }, /did not upgrade mesh/],
    ['another version', { ...done, fromVersion: '1.29.1' }, /from 1\.29\.1/],
  ])('refuses %s', (_, former, refusal) => {
    expect(() => assertReturn(former, back, 'run-1')).toThrow(refusal);
  });
});
