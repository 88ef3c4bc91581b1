import type { InstallEvidence } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { gzipSync } from 'node:zlib';
import {
  anIstiodDeployment,
  clusterContext,
  has,
  meshWithIstiod,
} from '../__testUtils__/fakes';
import { customConfiguration } from './custom-configuration';

const ISTIOD = anIstiodDeployment({
  metadata: {
    annotations: {
      'meta.helm.sh/release-name': 'istiod',
      'meta.helm.sh/release-namespace': 'istio-system',
    },
  },
});

function look(
  install: InstallEvidence,
  objects: Parameters<typeof has>[0] = {},
) {
  return customConfiguration().run(
    clusterContext('prod-eu', {
      mesh: meshWithIstiod({ install }),
      clusters: {
        'prod-eu': has({ deployments: [ISTIOD], ...objects }),
      },
    }),
  );
}

const SAIL: InstallEvidence = { method: 'sail', evidence: [] };
const HELM: InstallEvidence = { method: 'helm', evidence: [] };

const istio = (values: object) => ({
  metadata: { name: 'default' },
  spec: { values },
});

function release(config: object) {
  const json = JSON.stringify({
    name: 'istiod',
    namespace: 'istio-system',
    version: 1,
    chart: { metadata: { name: 'istiod', version: '1.29.4' } },
    config,
  });
  const inner = gzipSync(json).toString('base64');
  return {
    metadata: {
      name: 'sh.helm.release.v1.istiod.v1',
      namespace: 'istio-system',
    },
    data: { release: Buffer.from(inner).toString('base64') },
  };
}

const configMap = (managedFields: object[]) => ({
  metadata: { name: 'istio', namespace: 'istio-system', managedFields },
});

describe('custom-configuration', () => {
  it('passes what only the installer wrote', async () => {
    await expect(
      look(SAIL, {
        istios: [istio({ pilot: { image: 'pilot' }, meshConfig: {} })],
        configmaps: [
          configMap([
            { manager: 'sail-operator', fieldsV1: { 'f:data': {} } },
            {
              manager: 'kubectl-rollout',
              fieldsV1: { 'f:spec': { 'f:template': {} } },
            },
            {
              manager: 'kubectl',
              subresource: 'scale',
              fieldsV1: { 'f:spec': { 'f:replicas': {} } },
            },
          ]),
        ],
      }),
    ).resolves.toMatchObject([{ severity: 'passed' }]);
  });

  it('asks for consent to losing what people changed in place, and names it', async () => {
    await expect(
      look(SAIL, {
        istios: [istio({})],
        configmaps: [
          configMap([
            {
              manager: 'kubectl-edit',
              fieldsV1: {
                'f:data': { '.': {}, 'f:mesh': {} },
                'f:list': {
                  'k:{"name":"discovery"}': { '.': {}, 'f:env': {} },
                  'v:"x"': {},
                },
              },
            },
          ]),
        ],
      }),
    ).resolves.toMatchObject([
      {
        severity: 'consent',
        title:
          'Changes by hand of ConfigMap istio-system/istio may be overwritten: the installer renders them anew',
        evidence: {
          observed:
            'ConfigMap istio: kubectl-edit wrote data.mesh, list[discovery].env, list["x"]',
        },
        objects: [
          { kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' },
        ],
      },
    ]);
  });

  it('blocks on values by which the old version would stay', async () => {
    await expect(
      look(SAIL, { istios: [istio({ global: { tag: '1.29.4' } })] }),
    ).resolves.toMatchObject([
      { severity: 'passed' },
      { severity: 'blocker', evidence: { observed: 'global.tag=1.29.4' } },
    ]);
    await expect(
      look(HELM, {
        secrets: [release({ pilot: { image: 'my.hub/pilot:1.29.4' } })],
      }),
    ).resolves.toMatchObject([
      { severity: 'passed' },
      {
        severity: 'blocker',
        evidence: { observed: 'pilot.image=my.hub/pilot:1.29.4' },
      },
    ]);
  });

  it('takes nothing of a former revision of the operator for values of people', async () => {
    await expect(
      look(SAIL, {
        istios: [
          {
            ...istio({}),
            status: { activeRevisionName: 'default-v1-30-3' },
          },
        ],
        secrets: [release({ global: { tag: '1.29.4' } })],
      }),
    ).resolves.toMatchObject([{ severity: 'passed' }]);
  });

  it('tells what was changed by hand even where the values may not be read', async () => {
    await expect(
      look(HELM, { secrets: [{ ...release({}), data: { release: 'eA==' } }] }),
    ).resolves.toMatchObject([
      { severity: 'passed' },
      {
        severity: 'unknown',
        evidence: { observed: expect.stringContaining('no readable helm') },
      },
    ]);
  });

  it('does not take a release that is not there for one without pins', async () => {
    await expect(look(HELM)).resolves.toMatchObject([
      { severity: 'passed' },
      {
        severity: 'unknown',
        evidence: {
          observed: expect.stringContaining('no deployed release istiod'),
        },
      },
    ]);
    await expect(look({ ...HELM, method: 'flux' })).resolves.toMatchObject([
      { severity: 'passed' },
    ]);
  });

  it('only tells of a tag that is moved with the release, by helm alone', async () => {
    const pinned = { secrets: [release({ global: { tag: '1.29.4' } })] };
    await expect(
      look({ ...HELM, method: 'flux' }, pinned),
    ).resolves.toMatchObject([{ severity: 'passed' }, { severity: 'blocker' }]);
    await expect(look(HELM, pinned)).resolves.toMatchObject([
      { severity: 'passed' },
      { severity: 'info', evidence: { observed: 'global.tag=1.29.4' } },
    ]);
  });

  it('has nothing to say where nobody renders anything', () => {
    const mesh = meshWithIstiod({ install: { method: 'aks', evidence: [] } });
    expect(
      customConfiguration().applies?.({
        mesh,
        targetVersion: '1.30.3',
        cluster: mesh.clusters[0],
      }),
    ).toBe(false);
  });
});
