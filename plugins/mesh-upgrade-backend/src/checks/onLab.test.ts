import { ConfigReader } from '@backstage/config';
import { startLab, type Lab } from '@internal/lab';
import type { WorkloadKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { sailDriver } from '../upgrades/drivers/sail';
import { requiredRights } from '../upgrades/drivers/requiredRights';
import { removalChecks } from '../upgrades/leftovers';
import { OciRegistryClient } from '../versions/registry/OciRegistryClient';
import { DefaultVersionCatalog } from '../versions/DefaultVersionCatalog';
import { readVersionsConfig } from '../versions/readVersionsConfig';
import { MemorySourceStore } from '../versions/sources/__testUtils__/MemorySourceStore';
import { aMesh, aWorkload } from './__testUtils__/fakes';
import { labClusters } from './__testUtils__/labClusters';
import { createCheckRunner } from './createCheckRunner';
import type { CheckRunner } from './types';

describe('checks on simulated clusters', () => {
  let lab: Lab;
  let runner: CheckRunner;
  let versions: DefaultVersionCatalog;

  beforeAll(async () => {
    lab = await startLab();
    const host = `127.0.0.1:${lab.port}`;
    const clusters = labClusters(lab);
    const config = readVersionsConfig(
      new ConfigReader({
        meshUpgrade: { versions: { insecureRegistries: [host] } },
      }),
    );
    versions = DefaultVersionCatalog.create({
      config,
      clusters,
      reader: OciRegistryClient.create({ config }),
      store: new MemorySourceStore(),
      matrix: config.matrix,
      meshes: async () => [],
    });
    runner = createCheckRunner({
      clusters,
      versions,
      inventory: {
        mesh: async () => undefined,
        workloads: async () => ({ items: [], total: 0 }),
      },
      rightsOf: requiredRights([sailDriver]),
      activeRuns: async () => [],
      leftoverChecks: removalChecks,
    });
  });

  afterAll(() => lab.stop());
  afterEach(() => lab.knobs.replace({}));

  function mesh(id: string, clusterNames: string[], version: string) {
    const family = version.endsWith('-mspider') ? 'mspider' : 'native';
    const hub = family === 'native' ? 'istio' : family;
    return aMesh({
      id,
      clusterNames,
      family,
      version,
      versions: [version],
      hubs: [`127.0.0.1:${lab.port}/${hub}`],
    });
  }
  const shop = () => mesh('shop', ['prod-eu', 'prod-us'], '1.29.4');
  const edge = () => mesh('edge', ['edge'], '1.29.4-mspider');
  const workload = (name: string, kind: WorkloadKind = 'Deployment') =>
    aWorkload({
      id: `prod-eu/storefront/${kind}/${name}`,
      namespace: 'storefront',
      kind,
      name,
      desiredVersion: '1.29.4',
    });

  it('finds the versions of both families in the registry of their hub', async () => {
    const native = await versions.tagsFor(shop());
    expect(native.tags).toEqual(
      expect.arrayContaining(['1.29.4', '1.30.3', '1.31.0-rc.0']),
    );
    expect(native.sources).toEqual([
      expect.objectContaining({ error: undefined }),
    ]);
    const customised = await versions.tagsFor(edge());
    expect(customised.tags).toContain('1.30.3-mspider');
  });

  it('keeps the versions it knows while the registry is down', async () => {
    const before = await versions.tagsFor(shop());
    lab.knobs.replace({ registry: { down: true } });
    await versions.refresh({});
    const during = await versions.tagsFor(shop());
    expect(during.tags).toEqual(before.tags);
    expect(during.sources[0].error).toContain('list tags');

    lab.knobs.replace({});
    await versions.refresh({});
    const after = await versions.tagsFor(shop());
    expect(after.sources[0].error).toBeUndefined();
  });

  it('judges the Kubernetes version of every cluster', async () => {
    await expect(runner.checkMesh(shop(), '1.30.3')).resolves.toMatchObject({
      passed: true,
      findings: expect.arrayContaining(
        ['prod-eu', 'prod-us'].map(cluster =>
          expect.objectContaining({
            check: 'kubernetes-version',
            cluster,
            severity: 'passed',
          }),
        ),
      ),
    });
    await expect(
      runner.checkMesh(edge(), '1.30.3-mspider'),
    ).resolves.toMatchObject({
      passed: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ cluster: 'edge', direction: 'tooLow' }),
      ]),
    });
  });

  it('does not let an unreachable cluster hide or pass', async () => {
    lab.knobs.replace({ clusters: { 'prod-us': { unreachable: true } } });
    const { passed, findings } = await runner.checkMesh(shop(), '1.30.3');
    expect(passed).toBe(false);
    const severities = (cluster: string, check: string) =>
      findings
        .filter(each => each.cluster === cluster && each.check === check)
        .map(({ severity }) => severity);
    expect(severities('prod-us', 'cluster-reachable')).toEqual(['blocker']);
    expect(severities('prod-us', 'kubernetes-version')).toEqual(['unknown']);
    expect(severities('prod-eu', 'kubernetes-version')).toEqual(['passed']);
  });

  it('tries pods of real templates and tells a missing sidecar', async () => {
    const report = await runner.checkSidecars([
      workload('web-frontend'),
      workload('session-store', 'StatefulSet'),
    ]);
    const trials = report.findings.filter(
      ({ check }) => check === 'injection-dry-run',
    );
    expect(trials).toMatchObject([
      { severity: 'passed', title: 'A new pod gets 1.29.4' },
      { severity: 'passed', title: 'A new pod gets 1.29.4' },
    ]);
    expect(report.passed).toBe(true);
    expect(
      report.findings.filter(({ check }) => check === 'hot-upgrade-conditions'),
    ).toHaveLength(8);

    lab.knobs.replace({
      clusters: { 'prod-eu': { missingInjection: [{}] } },
    });
    const without = await runner.checkSidecars([workload('web-frontend')]);
    expect(without).toMatchObject({
      passed: false,
      findings: expect.arrayContaining([
        expect.objectContaining({
          check: 'injection-dry-run',
          severity: 'blocker',
          title: 'A new pod would come up without a sidecar',
        }),
      ]),
    });
  });

  it('is undecided without the right to create pods', async () => {
    lab.knobs.replace({
      clusters: {
        'prod-eu': { denyVerbs: [{ verb: 'create', resource: 'pods' }] },
      },
    });
    const report = await runner.checkSidecars([workload('web-frontend')]);
    expect(report.findings[0]).toMatchObject({
      check: 'injection-dry-run',
      severity: 'unknown',
      remedy: expect.stringContaining('Allow this backend to create pods'),
    });
    expect(report.passed).toBe(false);
  });
});
