import { startLab, type Lab } from '@internal/lab';
import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh } from './__testUtils__/fakes';
import { labClusters } from './__testUtils__/labClusters';
import { configurationChecks } from './configurationChecks';
import { DefaultCheckRunner } from './runner/DefaultCheckRunner';

describe('configuration checks on simulated clusters', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());
  afterEach(() => lab.knobs.replace({}));

  async function check(id: string, clusterNames: string[], target = '1.30.3') {
    return DefaultCheckRunner.create({
      clusters: labClusters(lab),
      meshChecks: configurationChecks({
        inventory: { workloads: async () => ({ items: [], total: 0 }) },
      }),
      sidecarChecks: [],
    }).checkMesh(aMesh({ id, clusterNames }), target);
  }

  function of(findings: CheckFinding[], severity: string) {
    return findings
      .filter(each => each.severity === severity)
      .map(each => `${each.check} ${each.link?.title}`);
  }

  it('lets a mesh in good order pass without a consent', async () => {
    const report = await check('shop', ['prod-eu', 'prod-us']);
    expect(report.passed).toBe(true);
    expect(report.consents).toEqual([]);
    expect(of(report.findings, 'unknown')).toEqual([]);
  });

  it('finds what is wrong with another one, and asks for consent to what breaks', async () => {
    const { findings } = await check('staging', ['staging']);
    expect(of(findings, 'consent').sort()).toEqual([
      'breaking-configuration EnvoyFilter proxyVersion',
      'breaking-configuration IST0155',
      'validating-webhook Configuration validation',
    ]);
    expect(of(findings, 'warning')).toEqual(
      expect.arrayContaining([
        'breaking-configuration IST0151',
        'breaking-configuration IST0133',
        'deprecated-configuration IST0002',
        'injector-webhooks IST0139',
        'orphan-revisions Canary upgrades: removing the old revision',
      ]),
    );
    expect(of(findings, 'info')).toEqual(
      expect.arrayContaining(['deprecated-configuration IST0135']),
    );
  });

  it('puts the upgrade notes that concern a mesh before the others', async () => {
    const { findings } = await check('staging', ['staging'], '1.31.1');
    const notes = findings.filter(each => each.check === 'upgrade-notes');
    expect(notes[0]).toMatchObject({
      severity: 'warning',
      cluster: 'staging',
      title:
        '1.31: Gateways can no longer be told to trace without extra spans',
      objects: [{ name: 'istiod' }, { name: 'istiod-1-30-3' }],
    });
    expect(new Set(notes.slice(1).map(({ severity }) => severity))).toEqual(
      new Set(['info']),
    );
  });

  it('does not take what may not be read for fine', async () => {
    lab.knobs.replace({
      clusters: {
        staging: {
          denyVerbs: [
            { verb: 'list', resource: 'customresourcedefinitions' },
            { verb: 'list', resource: 'envoyfilters' },
          ],
        },
      },
    });
    const report = await check('staging', ['staging']);
    expect(report.passed).toBe(false);
    expect(
      report.findings
        .filter(each => each.severity === 'unknown')
        .map(each => [each.check, each.blocks ?? false]),
    ).toEqual(
      expect.arrayContaining([
        ['istio-crds', true],
        ['gateway-api-version', false],
        ['breaking-configuration', false],
        ['deprecated-configuration', false],
      ]),
    );
  });
});
