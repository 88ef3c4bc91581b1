import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  aMesh,
  aWorkload,
  fakeClusters,
  hang,
  runs,
} from './__testUtils__/fakes';
import { DefaultCheckRunner, type CheckTimes } from './DefaultCheckRunner';
import { kubernetesVersionCheck } from './kubernetesVersionCheck';
import type { Check, MeshCheckContext, SidecarCheckContext } from './types';

function finding(severity: CheckFinding['severity']): CheckFinding {
  return {
    check: `says-${severity}`,
    severity,
    title: severity,
    evidence: { object: 'o', observed: 'x', expected: 'y' },
    remedy: '',
  };
}

function says<T>(severity: CheckFinding['severity']): Check<T> {
  return {
    id: `says-${severity}`,
    title: severity,
    run: async () => [finding(severity)],
  };
}

function runner(options: {
  meshChecks?: Check<MeshCheckContext>[];
  sidecarChecks?: Check<SidecarCheckContext>[];
  times?: Partial<CheckTimes>;
  clusters?: Parameters<typeof fakeClusters>[0];
}) {
  return DefaultCheckRunner.create({
    meshChecks: [],
    sidecarChecks: [],
    ...options,
    clusters: fakeClusters(options.clusters ?? {}),
  });
}

const mesh = aMesh({ clusterNames: ['prod-eu'] });

describe('DefaultCheckRunner', () => {
  it.each([
    [['passed', 'info', 'warning', 'consent'], true],
    [['passed', 'blocker'], false],
    [['passed', 'unknown'], false],
    [[], false],
  ] as const)('of %j passed is %s', async (severities, passed) => {
    const report = await runner({
      meshChecks: severities.map(severity => says(severity)),
    }).checkMesh(mesh, '1.30.3');
    expect(report.passed).toBe(passed);
    expect(Date.parse(report.checkedAt)).not.toBeNaN();
  });

  it('tells the worst first', async () => {
    const report = await runner({
      meshChecks: [
        says('passed'),
        says('info'),
        says('blocker'),
        says('unknown'),
      ],
    }).checkMesh(mesh, '1.30.3');
    expect(report.findings.map(({ severity }) => severity)).toEqual([
      'blocker',
      'unknown',
      'info',
      'passed',
    ]);
  });

  it('takes a check that throws or hangs for undecided, never for passed', async () => {
    const report = await runner({
      times: { perCheckMs: 20 },
      meshChecks: [
        says('passed'),
        { id: 'hangs', title: 'Hangs', run: hang },
        {
          id: 'rejects',
          title: 'Rejects',
          run: async () => {
            throw new Error('no such host');
          },
        },
        {
          id: 'throws',
          title: 'Throws',
          run: () => {
            throw new Error('a bug');
          },
        },
      ],
    }).checkMesh(mesh, '1.30.3');

    expect(report.passed).toBe(false);
    expect(
      report.findings.map(({ check, severity, evidence }) => [
        check,
        severity,
        evidence.observed,
      ]),
    ).toEqual([
      [
        'hangs',
        'unknown',
        'The check could not be made: no answer within 0.02 s',
      ],
      ['rejects', 'unknown', 'The check could not be made: no such host'],
      ['throws', 'unknown', 'The check could not be made: a bug'],
      ['says-passed', 'passed', 'x'],
    ]);
  });

  it('lets a check that runs out of time hand in what it has', async () => {
    const report = await runner({
      times: { perCheckMs: 20 },
      clusters: { 'prod-eu': runs('v1.34.0'), 'prod-us': { version: hang } },
      meshChecks: [kubernetesVersionCheck({ tagsFor: async () => [] })],
    }).checkMesh(aMesh({ clusterNames: ['prod-eu', 'prod-us'] }), '1.30.3');
    expect(report).toMatchObject({
      passed: false,
      findings: [
        { cluster: 'prod-us', severity: 'unknown' },
        { cluster: 'prod-eu', severity: 'passed' },
      ],
    });
  });

  it('refuses an empty selection of workloads', async () => {
    await expect(runner({}).checkSidecars([])).rejects.toMatchObject({
      name: 'InputError',
    });
  });

  it('asks once for all what workloads share, and goes easy on a cluster', async () => {
    const ask = jest.fn(async () => 'v1.34.0');
    let running = 0;
    let most = 0;
    const check: Check<SidecarCheckContext> = {
      id: 'shared',
      title: 'Shared',
      async run({ workload, once }) {
        most = Math.max(most, ++running);
        await once(`version ${workload.cluster}`, ask);
        await new Promise(resolve => setTimeout(resolve, 1));
        running--;
        return [{ ...finding('passed'), workload: workload.id }];
      },
    };
    const workloads = Array.from({ length: 40 }, (_, i) =>
      aWorkload({ id: `prod-eu/shop/Deployment/w${i}` }),
    );
    const checks = runner({ sidecarChecks: [check] });
    const report = await checks.checkSidecars(workloads);

    expect(report.passed).toBe(true);
    expect(report.findings).toHaveLength(40);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(most).toBe(8);
    await checks.checkSidecars(workloads.slice(0, 1));
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('answers in time however many workloads hang', async () => {
    const report = await runner({
      times: { perCheckMs: 10_000, perReportMs: 30 },
      sidecarChecks: [{ id: 'hangs', title: 'Hangs', run: hang }],
    }).checkSidecars(
      Array.from({ length: 20 }, (_, i) =>
        aWorkload({ id: `a/b/Deployment/w${i}` }),
      ),
    );
    expect(report.findings).toHaveLength(20);
    for (const { severity, evidence } of report.findings) {
      expect(severity).toBe('unknown');
      expect(evidence.observed).toContain('not reached within the 0.03 s');
    }
  });
});
