import type {
  CheckProgress,
  CheckSeverity,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient } from '../../clusters/types';
import {
  aMesh,
  aWorkload,
  fakeClusters,
  hang,
  lists,
  runs,
} from '../__testUtils__/fakes';
import type { PerClusterCheck, SidecarCheck, WholeMeshCheck } from '../types';
import {
  DefaultCheckRunner,
  type DefaultCheckRunnerOptions,
} from './DefaultCheckRunner';

function finding(severity: CheckSeverity, observed = 'x') {
  return {
    severity,
    title: severity,
    evidence: { object: 'o', observed, expected: 'y' },
    remedy: '',
  };
}

function meshCheck(
  id: string,
  run: WholeMeshCheck['run'],
  worst: WholeMeshCheck['worst'] = 'blocker',
): WholeMeshCheck {
  return { id, title: id, worst, scope: 'mesh', run };
}

const says = (severity: CheckSeverity) =>
  meshCheck(`says-${severity}`, async () => [finding(severity)]);

function perCluster(
  run: PerClusterCheck['run'],
  more: Partial<PerClusterCheck> = {},
): PerClusterCheck {
  return {
    id: 'per-cluster',
    title: 'Per cluster',
    worst: 'blocker',
    scope: 'cluster',
    run,
    ...more,
  };
}

function sidecarCheck(id: string, run: SidecarCheck['run']): SidecarCheck {
  return { id, title: id, worst: 'blocker', run };
}

function runner({
  clusters = {},
  ...options
}: Partial<Omit<DefaultCheckRunnerOptions, 'clusters'>> & {
  clusters?: Parameters<typeof fakeClusters>[0];
}) {
  return DefaultCheckRunner.create({
    meshChecks: [],
    sidecarChecks: [],
    ...options,
    clusters: fakeClusters(clusters),
  });
}

const mesh = aMesh({ clusterNames: ['prod-eu'] });
const ANSWERS = { 'prod-eu': runs('v1.34.0') };

describe('DefaultCheckRunner', () => {
  it.each([
    [['passed', 'info', 'warning', 'consent'], true],
    [['passed', 'blocker'], false],
    [['passed', 'unknown'], false],
    [[], false],
  ] as const)('of %j passed is %s', async (severities, passed) => {
    const report = await runner({
      meshChecks: severities.map(says),
    }).checkMesh(mesh, '1.30.3');
    expect(report.passed).toBe(passed);
    expect(Date.parse(report.checkedAt)).not.toBeNaN();
  });

  it('tells the worst first, and what is to be consented to', async () => {
    const report = await runner({
      meshChecks: (
        ['passed', 'consent', 'info', 'blocker', 'unknown'] as const
      ).map(says),
    }).checkMesh(mesh, '1.30.3');
    expect(report.findings.map(({ severity }) => severity)).toEqual([
      'blocker',
      'unknown',
      'consent',
      'info',
      'passed',
    ]);
    expect(report.consents).toEqual([report.findings[2].id]);
  });

  it('keeps the id of a finding as long as the same is seen', async () => {
    const idOf = async (observed: string) => {
      const check = meshCheck('c', async () => [finding('consent', observed)]);
      const { consents } = await runner({ meshChecks: [check] }).checkMesh(
        mesh,
        '1.30.3',
      );
      return consents[0];
    };
    expect(await idOf('two replicas')).toBe(await idOf('two replicas'));
    expect(await idOf('two replicas')).not.toBe(await idOf('one replica'));
  });

  it('takes a check that throws or hangs for undecided; it blocks what only a blocker could', async () => {
    const report = await runner({
      times: { perCheckMs: 20 },
      meshChecks: [
        says('passed'),
        meshCheck('hangs', hang),
        meshCheck('rejects', async () => {
          throw new Error('no such host');
        }),
        meshCheck(
          'throws',
          () => {
            throw new Error('a bug');
          },
          'warning',
        ),
      ],
    }).checkMesh(mesh, '1.30.3');

    expect(report.passed).toBe(false);
    expect(
      report.findings.map(({ check, severity, blocks, evidence }) => [
        check,
        severity,
        blocks,
        evidence.observed,
      ]),
    ).toEqual([
      [
        'hangs',
        'unknown',
        true,
        'The check could not be made: no answer within 0.02 s',
      ],
      ['rejects', 'unknown', true, 'The check could not be made: no such host'],
      ['throws', 'unknown', false, 'The check could not be made: a bug'],
      ['says-passed', 'passed', undefined, 'x'],
    ]);

    const harmless = await runner({
      meshChecks: [says('passed'), meshCheck('w', hang, 'warning')],
      times: { perCheckMs: 20 },
    }).checkMesh(mesh, '1.30.3');
    expect(harmless.passed).toBe(true);
  });

  it('lets a check that runs out of time hand in what it has', async () => {
    const report = await runner({
      times: { perCheckMs: 20 },
      meshChecks: [
        meshCheck(
          'late',
          ({ signal }) =>
            new Promise(resolve => {
              signal.addEventListener('abort', () =>
                resolve([finding('passed')]),
              );
            }),
        ),
      ],
    }).checkMesh(mesh, '1.30.3');
    expect(report.findings).toMatchObject([{ severity: 'passed' }]);
  });

  it('asks each cluster of the mesh on its own, and one that does not answer only once', async () => {
    const down = jest.fn(async () => {
      throw new Error('connect ECONNREFUSED');
    });
    const run = jest.fn(async () => [finding('passed')]);
    const report = await runner({
      meshChecks: [
        perCluster(run),
        perCluster(run, { id: 'other', worst: 'info' }),
        perCluster(run, { id: 'anyway', whenUnreachable: true }),
        perCluster(run, {
          id: 'not-in-us',
          applies: ({ cluster }) => cluster.cluster === 'prod-eu',
        }),
      ],
      clusters: {
        'prod-eu': runs('v1.34.0'),
        'prod-us': { version: down },
        broken: { misconfiguration: 'It has no credentials.' },
      },
    }).checkMesh(
      aMesh({ clusterNames: ['prod-eu', 'prod-us', 'broken'] }),
      '1.30.3',
    );

    expect(down).toHaveBeenCalledTimes(1);
    expect(
      report.findings.map(({ cluster, check, severity, blocks }) =>
        [cluster, check, severity, blocks].join(' ').trim(),
      ),
    ).toEqual([
      'broken anyway unknown true',
      'broken other unknown false',
      'broken per-cluster unknown true',
      'prod-us other unknown false',
      'prod-us per-cluster unknown true',
      'prod-eu anyway passed',
      'prod-eu not-in-us passed',
      'prod-eu other passed',
      'prod-eu per-cluster passed',
      'prod-us anyway passed',
    ]);
    expect(report.findings[0].evidence.observed).toContain(
      'It has no credentials.',
    );
  });

  it('looks at a cluster that only holds the control plane, too', async () => {
    const hosted = aMesh({ clusterNames: ['worker'] });
    hosted.clusters[0].controlPlanes = [
      { cluster: 'control', namespace: 'istio-system', name: 'istiod' } as any,
    ];
    const seen: unknown[] = [];
    await runner({
      clusters: { worker: runs('v1.34.0'), control: runs('v1.34.0') },
      meshChecks: [
        perCluster(async ({ cluster }) => {
          seen.push([cluster.cluster, cluster.controlPlanes.length]);
          return [];
        }),
      ],
    }).checkMesh(hosted, '1.30.3');
    expect(seen).toEqual([
      ['worker', 0],
      ['control', 1],
    ]);
  });

  it('reads a list once per report, afresh for the next, and none of all pods', async () => {
    const list = jest.fn(
      lists({ services: [{ metadata: { name: 'istiod' } }] }).list,
    );
    const SERVICES = { group: '', version: 'v1', resource: 'services' };
    const missing: KubernetesClient['list'] = () => {
      throw new KubernetesError({
        cluster: 'prod-eu',
        action: 'list',
        status: 404,
        serverMessage: 'not found',
      });
    };
    const counts = perCluster(async context => [
      finding('passed', `${(await context.list(SERVICES)).length} services`),
    ]);
    const checks = runner({
      clusters: { 'prod-eu': { ...runs('v1.34.0'), list: list as any } },
      meshChecks: [
        counts,
        { ...counts, id: 'again' },
        perCluster(
          async context => {
            await context.list({ group: '', version: 'v1', resource: 'pods' });
            return [];
          },
          { id: 'all-pods' },
        ),
      ],
    });
    const report = await checks.checkMesh(mesh, '1.30.3');
    expect(report.findings).toMatchObject([
      {
        check: 'all-pods',
        severity: 'unknown',
        evidence: {
          observed: expect.stringContaining('does not list all pods'),
        },
      },
      { evidence: { observed: '1 services' } },
      { evidence: { observed: '1 services' } },
    ]);
    expect(list).toHaveBeenCalledTimes(1);
    await checks.checkMesh(mesh, '1.30.3');
    expect(list).toHaveBeenCalledTimes(2);

    const without = await runner({
      clusters: { 'prod-eu': { ...runs('v1.34.0'), list: missing } },
      meshChecks: [counts],
    }).checkMesh(mesh, '1.30.3');
    expect(without.findings[0].evidence.observed).toBe('0 services');
  });

  it('tells what is planned and each result as it is decided', async () => {
    const told: CheckProgress[] = [];
    let release = () => {};
    const slow = meshCheck('slow', async () => {
      await new Promise<void>(resolve => {
        release = resolve;
      });
      return [finding('passed')];
    });
    const pending = runner({
      clusters: ANSWERS,
      meshChecks: [slow, perCluster(async () => [finding('passed')])],
    }).checkMesh(mesh, '1.30.3', {
      onProgress: progress => {
        told.push(progress);
        if (progress.type === 'result' && progress.check === 'per-cluster') {
          release();
        }
      },
    });
    const report = await pending;
    expect(told).toMatchObject([
      {
        type: 'planned',
        checks: [
          { check: 'slow', title: 'slow' },
          { check: 'per-cluster', cluster: 'prod-eu' },
        ],
      },
      { type: 'result', check: 'per-cluster', cluster: 'prod-eu' },
      { type: 'result', check: 'slow', findings: [{ severity: 'passed' }] },
    ]);
    expect(report.findings).toHaveLength(2);
  });

  it('stops when nobody waits any more', async () => {
    const gone = new AbortController();
    const pending = runner({
      meshChecks: [meshCheck('hangs', hang)],
    }).checkMesh(mesh, '1.30.3', { signal: gone.signal });
    gone.abort(new Error('the client has gone'));
    await expect(pending).resolves.toMatchObject({
      findings: [
        { evidence: { observed: expect.stringContaining('has gone') } },
      ],
    });
  });

  it('refuses an empty selection of workloads and two checks of one id', async () => {
    await expect(runner({}).checkSidecars([])).rejects.toMatchObject({
      name: 'InputError',
    });
    expect(() => runner({ meshChecks: [says('info'), says('info')] })).toThrow(
      "two checks 'says-info'",
    );
  });

  it('asks once for all what workloads share, and goes easy on a cluster', async () => {
    const ask = jest.fn(async () => 'v1.34.0');
    let running = 0;
    let most = 0;
    const check = sidecarCheck('shared', async ({ once }) => {
      most = Math.max(most, ++running);
      await once('what all share', ask);
      await new Promise(resolve => setTimeout(resolve, 1));
      running--;
      return [finding('passed')];
    });
    const workloads = Array.from({ length: 40 }, (_, i) =>
      aWorkload({ id: `prod-eu/shop/Deployment/w${i}` }),
    );
    const told: CheckProgress[] = [];
    const checks = runner({ sidecarChecks: [check], clusters: ANSWERS });
    const report = await checks.checkSidecars(workloads, {
      onProgress: progress => told.push(progress),
    });

    expect(report.passed).toBe(true);
    expect(new Set(report.findings.map(({ workload }) => workload)).size).toBe(
      40,
    );
    expect(told[0]).toEqual({
      type: 'planned',
      checks: [{ check: 'shared', title: 'shared' }],
      workloads: 40,
    });
    expect(told).toHaveLength(41);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(most).toBe(8);
    await checks.checkSidecars(workloads.slice(0, 1));
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('answers in time however many workloads hang', async () => {
    const report = await runner({
      clusters: { 'prod-eu': runs('v1.34.0') },
      times: { perCheckMs: 10_000, perReportMs: 30 },
      sidecarChecks: [sidecarCheck('hangs', hang)],
    }).checkSidecars(
      Array.from({ length: 20 }, (_, i) =>
        aWorkload({ id: `prod-eu/b/Deployment/w${i}` }),
      ),
    );
    expect(report.findings).toHaveLength(20);
    for (const { severity, evidence } of report.findings) {
      expect(severity).toBe('unknown');
      expect(evidence.observed).toContain('not reached within the 0.03 s');
    }
  });
});
