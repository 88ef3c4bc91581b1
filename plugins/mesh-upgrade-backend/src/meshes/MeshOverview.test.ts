import type { RunSummary } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh } from '../checks/__testUtils__/fakes';
import type { Inventory } from '../inventory/types';
import { MeshOverview } from './MeshOverview';
import type { MeshTargets } from './MeshTargets';

const run: RunSummary = {
  id: 'run-1',
  kind: 'mesh',
  state: 'running',
  meshId: 'shop',
  targetVersion: '1.30.3',
  startedBy: 'user:default/ada',
  createdAt: '2026-11-01T00:00:00Z',
  startedAt: '2026-11-01T00:00:01Z',
  progress: { done: 0, total: 1 },
};
const approval = { kind: 'approval' as const, message: 'waits' };

describe('MeshOverview', () => {
  it.each<[string, RunSummary[], string, boolean]>([
    ['no run', [], 'notReady', false],
    ['a run under way', [run], 'upgrading', true],
    [
      'a run about to begin',
      [{ ...run, state: 'queued', startedAt: undefined }],
      'upgrading',
      true,
    ],
    [
      'a run that waits for somebody before it begins',
      [{ ...run, state: 'waiting', startedAt: undefined, waitsFor: approval }],
      'notReady',
      true,
    ],
    [
      'a run that waits in the middle',
      [{ ...run, state: 'waiting', waitsFor: { ...approval, kind: 'window' } }],
      'upgrading',
      true,
    ],
    [
      'a run that was paused before it began',
      [{ ...run, state: 'paused', startedAt: undefined }],
      'notReady',
      true,
    ],
    ['a run of another mesh', [{ ...run, meshId: 'pay' }], 'notReady', false],
    ['restarts', [{ ...run, kind: 'sidecars' }], 'notReady', false],
  ])('shows a mesh with %s', async (_, runs, status, shown) => {
    const mesh = aMesh({ clusterNames: [], status: 'notReady' });
    const overview = MeshOverview.create({
      inventory: {
        meshes: async () => [mesh],
        mesh: async () => mesh,
      } as unknown as Inventory,
      targets: { glance: async () => ({}) } as unknown as MeshTargets,
      upgrades: { activeRuns: async () => runs },
    });
    const seen = { status, activeRun: shown ? runs[0] : undefined };
    expect(await overview.mesh('shop')).toMatchObject(seen);
    expect(await overview.meshes()).toMatchObject([seen]);
  });
});
