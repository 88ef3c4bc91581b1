import { randomUUID } from 'node:crypto';
import type { NewRun } from '../store/RunStore';
import type { Run, Step } from '../types';

/** A step that nothing has happened to. */
export function newStep(overrides: Partial<Step> = {}): Step {
  return {
    id: '1',
    phase: 'upgrade',
    title: 'istiod',
    cluster: 'prod-eu',
    action: 'fake',
    state: 'pending',
    message: '',
    parameters: {},
    track: { acts: 0, errors: 0 },
    ...overrides,
  };
}

/** A run as it is created. */
export function newRun(
  options: { steps?: number; kind?: Run['kind']; workload?: string } = {},
): NewRun {
  const { steps = 1, kind = 'mesh', workload } = options;
  return {
    id: randomUUID(),
    kind,
    meshId: 'shop',
    fromVersion: '1.29.4',
    targetVersion: '1.30.3',
    startedBy: 'user:default/ada',
    meshes: ['shop'],
    subject: { kind: 'mesh', meshId: 'shop', targetVersion: '1.30.3' },
    consents: [],
    needsApproval: false,
    plan: {
      hash: 'hash',
      kind,
      targetVersion: '1.30.3',
      changes: [],
      pods: 0,
      skipped: [],
    },
    steps: Array.from({ length: steps }, (_, i) =>
      newStep({ id: String(i + 1), title: `step ${i + 1}`, workload }),
    ),
  };
}

/** A run as the engine gets it. */
export function storedRun(overrides: Partial<Run> = {}): Run {
  return {
    ...newRun(),
    state: 'queued',
    epoch: 1,
    requests: 0,
    createdAt: '2026-11-01T00:00:00.000Z',
    ...overrides,
  };
}
