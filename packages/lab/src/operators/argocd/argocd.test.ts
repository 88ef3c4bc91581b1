import type { Application, Deployment } from '../../kubernetes/types';
import { startLab, type Lab } from '../../startLab';
import { clientOf, eventually } from '../../testing/labClient';
import { isToSync } from './application';

const APPLICATIONS =
  '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
const ISTIOD = '/apis/apps/v1/namespaces/istio-system/deployments/istiod';

describe('Argo CD', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterEach(() => lab.stop());

  const client = () => clientOf(lab, 'analytics');
  const commit = (object: string, targetRevision: string) =>
    fetch(`${lab.url}/knobs/commit`, {
      method: 'POST',
      body: JSON.stringify({
        cluster: 'analytics',
        object,
        patch: { spec: { source: { targetRevision } } },
      }),
    });
  const application = (name: string, isSo: (one: Application) => boolean) =>
    eventually(
      async () =>
        (await client().get<Application>(`${APPLICATIONS}/${name}`)).body,
      isSo,
    );
  const istiodImage = async () =>
    (await client().get<Deployment>(ISTIOD)).body.spec.template.spec
      .containers[0].image;

  it('syncs what is committed through the Application of Applications', async () => {
    await commit('Application argocd/istiod', '1.30.3');
    const { status } = await application(
      'istiod',
      each =>
        each.status?.history?.length === 2 &&
        each.status.health.status === 'Healthy',
    );
    expect(status).toMatchObject({
      sync: { status: 'Synced', revision: '1.30.3' },
      operationState: {
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        syncResult: { revision: '1.30.3' },
      },
    });
    const istiod = (await client().get<Deployment>(ISTIOD)).body;
    expect(istiod.spec.template.spec.containers[0].image).toMatch(
      /\/istio\/pilot:1\.30\.3$/,
    );
    expect(istiod.status).toMatchObject({ updatedReplicas: 2, replicas: 2 });
    expect(istiod.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/tracking-id':
        'istiod:apps/Deployment:istio-system/istiod',
    });
    expect(
      istiod.metadata.annotations?.['meta.helm.sh/release-name'],
    ).toBeUndefined();
  });

  it('heals an Application that is changed past Git', async () => {
    await client().patch(`${APPLICATIONS}/istiod`, {
      spec: { source: { targetRevision: '1.30.3' } },
    });
    const { spec } = await application(
      'istiod',
      ({ spec: { source } }) => source.targetRevision === '1.29.4',
    );
    expect(spec.source.chart).toBe('istiod');
    await eventually(istiodImage, image => image.endsWith(':1.29.4'));
  });

  it('syncs one that is not automated when it is told', async () => {
    const path = `${APPLICATIONS}/istio-base`;
    await client().patch(path, {
      spec: { syncPolicy: null, source: { targetRevision: '1.30.3' } },
    });
    await application(
      'istio-base',
      ({ status }) => status?.sync.status === 'OutOfSync',
    );
    await client().patch(path, {
      operation: { initiatedBy: { username: 'someone' }, sync: {} },
    });
    const synced = await application(
      'istio-base',
      ({ status }) => status?.sync.status === 'Synced',
    );
    expect(synced.operation).toBeUndefined();
    expect(synced.status?.operationState).toMatchObject({
      phase: 'Succeeded',
      operation: { initiatedBy: { username: 'someone' } },
    });
  });

  it('says why it cannot compare, and why a sync failed, which it does not try again', async () => {
    await commit('Application argocd/istiod', '1.99.0');
    const missing = await application(
      'istiod',
      ({ status }) => status?.conditions !== undefined,
    );
    expect(missing.status?.sync.status).toBe('Unknown');
    expect(missing.status?.conditions?.[0]).toMatchObject({
      type: 'ComparisonError',
      message: expect.stringContaining('istiod:1.99.0: not found'),
    });
    lab.knobs.replace({
      clusters: {
        analytics: { failedCharts: [{ chart: 'istiod', message: 'refused' }] },
      },
    });
    await commit('Application argocd/istiod', '1.30.3');
    const { status } = await application(
      'istiod',
      each => each.status?.operationState?.phase === 'Failed',
    );
    expect(status?.operationState?.message).toMatch(/refused$/);
    expect(status?.conditions).toBeUndefined();
    expect(await istiodImage()).toContain(':1.29.4');
  });
});

describe('isToSync', () => {
  const source = { repoURL: 'r', chart: 'istiod', targetRevision: '1.30.3' };
  const application = (
    automated: object | undefined,
    phase: string | undefined,
  ) =>
    ({
      spec: { source, destination: {}, syncPolicy: { automated } },
      status: phase && {
        operationState: {
          phase,
          syncResult: { revision: '1.30.3', source },
        },
      },
    } as unknown as Application);
  const target = { revision: '1.30.3', isSynced: false };

  it.each([
    ['nothing is automated', undefined, undefined, false],
    ['it is switched off', { enabled: false }, undefined, false],
    ['it was never tried', {}, undefined, true],
    ['it failed before', { selfHeal: true }, 'Failed', false],
    ['it drifted and is not healed', {}, 'Succeeded', false],
    ['it drifted and is healed', { selfHeal: true }, 'Succeeded', true],
  ])('where %s: %#', (_case, automated, phase, expected) => {
    expect(isToSync(application(automated, phase), target)).toBe(expected);
  });

  it('never where all is as it should be, always when it is asked for', () => {
    const healing = application({ selfHeal: true }, 'Succeeded');
    const synced = { ...target, isSynced: true };
    expect(isToSync(healing, synced)).toBe(false);
    expect(isToSync({ ...healing, operation: { sync: {} } }, synced)).toBe(
      true,
    );
  });
});
