import type {
  Deployment,
  FluxHelmRelease,
  Kustomization,
  OciRepository,
} from '../../kubernetes/types';
import { startLab, type Lab } from '../../startLab';
import { clientOf, eventually } from '../../testing/labClient';
import { nextAction } from './helmController';

const NAMESPACE = 'namespaces/istio-system';
const RELEASES = `/apis/helm.toolkit.fluxcd.io/v2/${NAMESPACE}/helmreleases`;
const SOURCE = `/apis/source.toolkit.fluxcd.io/v1/${NAMESPACE}/ocirepositories/istiod`;
const KUSTOMIZATION =
  '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/mesh';
const ISTIOD = `/apis/apps/v1/${NAMESPACE}/deployments/istiod`;

describe('Flux', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterEach(() => lab.stop());

  const client = () => clientOf(lab, 'logistics');
  const commit = (tag: string) =>
    fetch(`${lab.url}/knobs/commit`, {
      method: 'POST',
      body: JSON.stringify({
        cluster: 'logistics',
        object: 'OCIRepository istio-system/istiod',
        patch: { spec: { ref: { tag } } },
      }),
    });
  const released = (isSo: (release: FluxHelmRelease) => boolean) =>
    eventually(
      async () =>
        (await client().get<FluxHelmRelease>(`${RELEASES}/istiod`)).body,
      isSo,
    );
  const ready = ({ status }: FluxHelmRelease) =>
    status?.conditions?.find(({ type }) => type === 'Ready');
  const istiodImage = async () =>
    (await client().get<Deployment>(ISTIOD)).body.spec.template.spec
      .containers[0].image;

  it('installs what is committed, and calls it ready when istiod has rolled out', async () => {
    expect((await commit('1.30.3')).status).toBe(200);
    await released(release => ready(release)?.reason === 'Progressing');
    const release = await released(
      each =>
        ready(each)?.status === 'True' &&
        each.status?.history?.[0].chartVersion.startsWith('1.30.3+') === true,
    );
    expect(release.status?.history?.map(({ status }) => status)).toEqual([
      'deployed',
      'superseded',
    ]);
    expect(ready(release)?.message).toMatch(
      /^Helm upgrade succeeded for release istio-system\/istiod with chart istiod@1\.30\.3\+[0-9a-f]{12}$/,
    );
    const istiod = (await client().get<Deployment>(ISTIOD)).body;
    expect(istiod.spec.template.spec.containers[0].image).toMatch(
      /\/istio\/pilot:1\.30\.3$/,
    );
    expect(istiod.status).toMatchObject({ updatedReplicas: 2, replicas: 2 });
    expect(istiod.metadata.labels).toMatchObject({
      'helm.toolkit.fluxcd.io/name': 'istiod',
      'helm.toolkit.fluxcd.io/namespace': 'istio-system',
    });
    const { body } = await client().get<Kustomization>(KUSTOMIZATION);
    expect(body.status?.lastAppliedRevision).toMatch(
      /^main@sha1:[0-9a-f]{40}$/,
    );
  });

  it('puts back what is changed in the cluster but kept in Git', async () => {
    await client().patch(SOURCE, { spec: { ref: { tag: '1.30.3' } } });
    await eventually(
      () => client().get<OciRepository>(SOURCE),
      ({ body }) => body.spec.ref?.tag === '1.29.4',
    );
    expect(
      await eventually(istiodImage, image => image.endsWith(':1.29.4')),
    ).toContain('/istio/pilot:');
  });

  it('installs a chart from a HelmRepository that a release names with its version', async () => {
    await client().patch(`${RELEASES}/istio-base`, {
      spec: { chart: { spec: { version: '1.30.3' } } },
    });
    const { body } = await eventually(
      () => client().get<FluxHelmRelease>(`${RELEASES}/istio-base`),
      answer => answer.body.status?.history?.[0].chartVersion === '1.30.3',
    );
    expect(body.status?.history).toHaveLength(2);
  });

  it('says that a chart does not exist, and leaves istiod as it is', async () => {
    await commit('1.99.0');
    const release = await released(
      each => ready(each)?.reason === 'SourceNotReady',
    );
    expect(ready(release)?.message).toContain(
      'MANIFEST_UNKNOWN: manifest unknown; map[Tag:1.99.0]',
    );
    expect(await istiodImage()).toContain(':1.29.4');
  });

  it('does not try again what failed until somebody asks', async () => {
    lab.knobs.replace({
      clusters: {
        logistics: {
          failedCharts: [{ chart: 'istiod', message: 'execution error' }],
        },
      },
    });
    await commit('1.30.3');
    const release = await released(
      each => ready(each)?.reason === 'UpgradeFailed',
    );
    expect(ready(release)?.message).toMatch(/: execution error$/);
    expect(release.status).toMatchObject({ failures: 1 });
    lab.knobs.replace({});
    await client().patch(`${RELEASES}/istiod`, {
      metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': 'now' } },
    });
    const healed = await released(each => ready(each)?.status === 'True');
    expect(healed.status?.lastHandledReconcileAt).toBe('now');
    expect(await istiodImage()).toContain(':1.30.3');
  });

  it('upgrades once for each chart and each change of a release', () => {
    const release = (status: FluxHelmRelease['status']) =>
      ({ metadata: { generation: 2 }, spec: {}, status } as FluxHelmRelease);
    const attempted = {
      lastAttemptedRevision: '1.30.3',
      lastAttemptedGeneration: 2,
    };
    expect(nextAction(release(undefined), '1.30.3')).toBe('upgrade');
    expect(nextAction(release(attempted), '1.31.1')).toBe('upgrade');
    expect(nextAction(release(attempted), '1.30.3')).toBe('confirm');
    expect(nextAction(release({ ...attempted, failures: 1 }), '1.30.3')).toBe(
      'nothing',
    );
  });
});
