import { ResponseError } from '@backstage/errors';
import type { MeshUpgradeApi } from '../api';
import * as fixtures from './fixtures';

/** A backend with one healthy cluster, one mesh that can be upgraded and two workloads. */
export function fakeApi(
  overrides: Partial<MeshUpgradeApi> = {},
): jest.Mocked<MeshUpgradeApi> {
  const workloads = [fixtures.workload('cart'), fixtures.workload('web')];
  const api: MeshUpgradeApi = {
    listClusters: async () => [fixtures.cluster()],
    listMeshes: async () => [fixtures.mesh()],
    getMesh: async id => fixtures.mesh({ id }),
    getTargetVersions: async () => fixtures.targetVersions(),
    listLeftovers: async () => ({ items: [], problems: [] }),
    listWorkloads: async () => ({ items: workloads, total: workloads.length }),
    exportWorkloads: async () => new Blob(['name\r\ncart\r\n']),
    getWorkload: async id => ({
      ...fixtures.workload(id.split('/')[3]),
      podList: [],
    }),
    check: async () => ({
      checkedAt: '2026-01-01T00:00:00Z',
      findings: [fixtures.finding()],
      passed: true,
      consents: [],
    }),
    plan: async () => fixtures.plan(),
    startRun: async () => fixtures.run(),
    listRuns: async () => ({ items: [] }),
    getRun: async id => fixtures.run({ id }),
    getRunPlan: async () => fixtures.plan(),
    listRunEvents: async () => [],
    stopRun: async id => fixtures.run({ id, state: 'stopping' }),
    pauseRun: async id => fixtures.run({ id, state: 'paused' }),
    resumeRun: async id => fixtures.run({ id }),
    approveRun: async id => fixtures.run({ id }),
    rejectRun: async id => fixtures.run({ id, state: 'stopped' }),
    ...overrides,
  };
  for (const key of Object.keys(api) as (keyof MeshUpgradeApi)[]) {
    api[key] = jest.fn(api[key] as never) as never;
  }
  return api as jest.Mocked<MeshUpgradeApi>;
}

/** What the client rejects with when the backend answers with an error. */
export async function serverError(
  statusCode: number,
  name: string,
  message: string,
  extra: object = {},
): Promise<ResponseError> {
  const body = {
    error: { name, message, ...extra },
    request: { method: 'POST', url: '/runs' },
    response: { statusCode },
  };
  return ResponseError.fromResponse({
    ok: false,
    redirected: false,
    status: statusCode,
    statusText: name,
    type: 'default',
    url: 'http://localhost/api/mesh-upgrade/runs',
    headers: new Headers({ 'content-type': 'application/json' }),
    text: async () => JSON.stringify(body),
  } as never);
}
