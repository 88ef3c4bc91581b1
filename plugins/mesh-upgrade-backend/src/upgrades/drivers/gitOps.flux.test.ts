import {
  aCluster,
  FROM,
  istiod,
  object,
  TO,
} from './__testUtils__/gitOpsCluster';

const IN_GIT = {
  'kustomize.toolkit.fluxcd.io/name': 'infra',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};

const FLUX = {
  labels: {
    'helm.toolkit.fluxcd.io/name': 'istiod',
    'helm.toolkit.fluxcd.io/namespace': 'istio-system',
  },
};
const chart = (name: string) => ({
  chart: { spec: { chart: name, version: FROM } },
});

describe('Flux', () => {
  it('changes the versions of HelmReleases, base before istiod', async () => {
    const cluster = aCluster(istiod(FLUX), {
      helmreleases: [
        object('istiod', chart('istiod')),
        object('istio-base', chart('base')),
        object('kiali', chart('kiali-server')),
      ],
    });
    const { steps, changes } = await cluster.plan('flux');
    expect(steps.map(({ title }) => title)).toEqual(['base', 'istiod']);
    const { yaml, ...change } = changes[1];
    expect(yaml?.before).toContain(`version: ${FROM}`);
    expect(yaml?.after).toBe(yaml?.before?.replace(FROM, TO));
    expect(change).toEqual({
      cluster: 'prod',
      object: 'HelmRelease istio-system/istiod',
      before: `spec.chart.spec.version: ${FROM}`,
      after: `spec.chart.spec.version: ${TO}`,
      effect: 'Flux rolls Deployment istio-system/istiod; no workload restarts',
    });
    const step = await cluster.stepOf('flux');
    expect(await cluster.observe(step)).toMatchObject({ state: 'wanting' });
    await cluster.act(step);
    expect(cluster.patches).toEqual([
      [
        { op: 'test', path: '/spec/chart/spec/version', value: FROM },
        { op: 'replace', path: '/spec/chart/spec/version', value: TO },
      ],
    ]);
  });

  it('changes the OCIRepository that a HelmRelease takes its chart from', async () => {
    const cluster = aCluster(istiod(FLUX), {
      helmreleases: [
        object('istiod', {
          chartRef: { kind: 'OCIRepository', name: 'istiod-chart' },
        }),
      ],
      ocirepositories: [
        object('istiod-chart', {
          url: 'oci://registry.example.com/charts/istiod',
          ref: { tag: FROM },
        }),
      ],
    });
    expect((await cluster.plan('flux')).changes).toMatchObject([
      {
        object: 'OCIRepository istio-system/istiod-chart',
        before: `spec.ref.tag: ${FROM}`,
      },
    ]);
  });

  it('waits for what Git keeps, and says what to change there', async () => {
    const release = object('istiod', chart('istiod'), { labels: IN_GIT });
    const cluster = aCluster(istiod(FLUX), { helmreleases: [release] });
    const [change] = (await cluster.plan('flux')).changes;
    expect(change.effect).toMatch(
      /^Kept in Git by Flux Kustomization flux-system\/infra: make this change there/,
    );
    const step = await cluster.stepOf('flux');
    expect(await cluster.observe(step)).toEqual({
      state: 'waiting',
      message: `Set HelmRelease istio-system/istiod: spec.chart.spec.version from ${FROM} to ${TO} in Git; it is kept there by Flux Kustomization flux-system/infra`,
    });
    release.spec.chart.spec.version = TO;
    expect(await cluster.observe(step)).toMatchObject({
      state: 'moving',
      message: 'HelmRelease istio-system/istiod: Waiting for Flux',
    });
  });

  it('follows Flux to its end by what it says of this version only', async () => {
    const release = object('istiod', chart('istiod'));
    const deployment = istiod(FLUX);
    const cluster = aCluster(deployment, { helmreleases: [release] });
    const step = await cluster.stepOf('flux');
    release.spec.chart.spec.version = TO;
    const ready = (status: string, reason: string, message: string) => [
      { type: 'Ready', status, reason, message },
    ];
    release.status = {
      lastAttemptedRevision: FROM,
      conditions: ready('False', 'UpgradeFailed', 'an old failure'),
    };
    expect((await cluster.observe(step)).state).toBe('moving');
    release.status.lastAttemptedRevision = `${TO}+0a1b2c`;
    release.status.conditions = ready('False', 'UpgradeFailed', 'no memory');
    expect(await cluster.observe(step)).toEqual({
      state: 'failed',
      message: `HelmRelease istio-system/istiod: Flux: UpgradeFailed: no memory. spec.chart.spec.version stays ${TO}; it was ${FROM}`,
    });
    release.status.conditions = ready('True', 'UpgradeSucceeded', 'done');
    release.status.history = [{ chartVersion: `${TO}+0a1b2c` }];
    expect((await cluster.observe(step)).state).toBe('moving');
    Object.assign(deployment, istiod(FLUX, TO));
    expect((await cluster.observe(step)).state).toBe('done');
  });

  it('refuses where a value keeps the image as it is', async () => {
    const cluster = aCluster(istiod(FLUX), {
      helmreleases: [
        object('istiod', {
          ...chart('istiod'),
          values: { global: { tag: FROM } },
        }),
      ],
    });
    await expect(cluster.plan('flux')).rejects.toThrow(
      /HelmRelease istio-system\/istiod pins the image by a value \(global\.tag=1\.29\.4\)/,
    );
  });
});
