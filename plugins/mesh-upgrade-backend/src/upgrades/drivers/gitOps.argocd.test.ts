import type { KubernetesObject } from '../../clusters/types';
import type { DaemonSet } from '../../kubernetes/types';
import type { Step } from '../types';
import {
  aCluster,
  FROM,
  istiod,
  object,
  TO,
  type Values,
} from './__testUtils__/gitOpsCluster';

const ARGO = {
  annotations: {
    'argocd.argoproj.io/tracking-id':
      'mesh:apps/Deployment:istio-system/istiod',
  },
};

const anApplication = (name: string, spec: Values, metadata: Values = {}) =>
  object(name, spec, { namespace: 'argocd', ...metadata });

const baseSpec = (more: Values) => ({
  source: { chart: 'base', targetRevision: FROM },
  ...more,
});

function aDaemonSet(application: string, version: string) {
  return {
    ...object('istio-cni-node', {
      template: {
        spec: {
          containers: [{ image: `docker.io/istio/install-cni:${version}` }],
        },
      },
    }),
    metadata: {
      name: 'istio-cni-node',
      namespace: 'istio-system',
      generation: 1,
      annotations: {
        'argocd.argoproj.io/tracking-id': `${application}:apps/DaemonSet:x`,
      },
    },
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
      numberReady: 2,
      numberMisscheduled: 0,
    },
  } as unknown as DaemonSet & Values;
}

/** The engine has made the step's write. */
const afterItsWrite = (step: Step): Step => ({
  ...step,
  track: { ...step.track, acts: 1 },
});

describe('Argo CD', () => {
  it('changes the source of an Application among several, and starts the sync that nothing else would', async () => {
    const syncPolicy = {
      syncOptions: ['ServerSideApply=true'],
      retry: { limit: 2 },
    };
    const application = anApplication('mesh', {
      sources: [
        { repoURL: 'https://git.example.com/values' },
        { chart: 'istiod', targetRevision: FROM },
      ],
      syncPolicy,
    });
    const cluster = aCluster(istiod(ARGO), {
      applications: [
        application,
        anApplication('base', baseSpec({ syncPolicy: { automated: {} } })),
      ],
    });
    const { steps, changes } = await cluster.plan('argocd');
    expect(steps.map(step => step.parameters.sync)).toEqual([
      undefined,
      syncPolicy,
    ]);
    expect(changes[1].before).toBe(`spec.sources[1].targetRevision: ${FROM}`);
    const step = await cluster.stepOf('argocd');
    expect(await cluster.observe(step)).toMatchObject({ state: 'wanting' });
    await cluster.act(step);
    expect(cluster.patches).toEqual([
      [
        { op: 'test', path: '/spec/sources/1/targetRevision', value: FROM },
        { op: 'replace', path: '/spec/sources/1/targetRevision', value: TO },
        {
          op: 'add',
          path: '/operation',
          value: {
            initiatedBy: { username: 'mesh-upgrade' },
            sync: { syncOptions: ['ServerSideApply=true'] },
            retry: { limit: 2 },
          },
        },
      ],
    ]);
  });

  it('follows Argo CD to its end by what it says of this version only', async () => {
    const application = anApplication('mesh', {
      source: { chart: 'istiod', targetRevision: FROM },
      syncPolicy: { automated: {} },
    });
    const deployment = istiod(ARGO);
    const cluster = aCluster(deployment, { applications: [application] });
    const step = afterItsWrite(await cluster.stepOf('argocd'));
    application.spec.source.targetRevision = TO;
    const operationState: Values = {
      phase: 'Failed',
      message: 'an old failure',
      syncResult: { revision: FROM },
    };
    application.status = { sync: { status: 'OutOfSync' }, operationState };
    expect(await cluster.observe(step)).toMatchObject({
      state: 'moving',
      message: 'Application argocd/mesh: Argo CD: OutOfSync',
    });

    application.status.sync.comparedTo = { source: { targetRevision: FROM } };
    application.status.conditions = [
      { type: 'ComparisonError', message: `chart ${TO}: not found` },
    ];
    expect((await cluster.observe(step)).state).toBe('moving');
    application.status.sync.comparedTo.source.targetRevision = TO;
    expect(await cluster.observe(step)).toEqual({
      state: 'waiting',
      message: `Application argocd/mesh: Argo CD: ComparisonError: chart ${TO}: not found`,
    });
    application.status.conditions = [];

    // One that could not even begin has no revision, only the source it was for.
    operationState.message = 'one or more objects failed to apply';
    operationState.syncResult = {
      revision: '',
      source: { targetRevision: TO },
    };
    expect(await cluster.observe(step)).toEqual({
      state: 'failed',
      message: `Application argocd/mesh: Argo CD: one or more objects failed to apply. spec.source.targetRevision stays ${TO}; it was ${FROM}`,
    });
    application.operation = { sync: {} };
    expect(await cluster.observe(step)).toMatchObject({
      state: 'moving',
      message: 'Application argocd/mesh: Argo CD is about to sync',
    });

    delete application.operation;
    operationState.phase = 'Succeeded';
    expect((await cluster.observe(step)).state).toBe('moving');
    Object.assign(deployment, istiod(ARGO, TO));
    expect((await cluster.observe(step)).state).toBe('done');
  });

  it('syncs again what failed before, which Argo CD would not, and is not done with base before that', async () => {
    const base = anApplication(
      'base',
      baseSpec({ source: { chart: 'base', targetRevision: TO } }),
    );
    base.status = {
      operationState: { phase: 'Error', syncResult: { revision: TO } },
    };
    const cluster = aCluster(istiod(ARGO), {
      applications: [
        base,
        anApplication('mesh', {
          source: { chart: 'istiod', targetRevision: FROM },
        }),
      ],
    });
    const { steps } = await cluster.plan('argocd');
    expect(steps.map(({ title }) => title)).toEqual(['base', 'istiod']);
    const step = cluster.begin(steps[0]);
    expect(await cluster.observe(step)).toMatchObject({ state: 'wanting' });
    await cluster.act(step);
    expect(cluster.patches).toEqual([
      [expect.objectContaining({ op: 'add', path: '/operation' })],
    ]);
    expect(await cluster.observe(afterItsWrite(step))).toMatchObject({
      state: 'failed',
    });
    base.status.operationState.phase = 'Succeeded';
    expect(
      (await cluster.plan('argocd')).steps.map(({ title }) => title),
    ).toEqual(['istiod']);
  });

  it.each([
    [
      'a parent Application',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'meshes:x' } },
      'Argo CD application meshes',
    ],
    [
      'an ApplicationSet',
      { ownerReferences: [{ kind: 'ApplicationSet', name: 'fleet' }] },
      'Argo CD ApplicationSet argocd/fleet',
    ],
  ])(
    'waits for what %s keeps, and starts the sync that nothing else would',
    async (_who, metadata, keeper) => {
      const application = anApplication(
        'mesh',
        { source: { chart: 'istiod', targetRevision: FROM } },
        metadata,
      );
      const cluster = aCluster(istiod(ARGO), { applications: [application] });
      const step = await cluster.stepOf('argocd');
      expect(await cluster.observe(step)).toEqual({
        state: 'waiting',
        message: `Set Application argocd/mesh: spec.source.targetRevision from ${FROM} to ${TO} in Git; it is kept there by ${keeper}`,
      });
      application.spec.source.targetRevision = TO;
      application.status = { sync: { status: 'OutOfSync' } };
      expect(await cluster.observe(step)).toMatchObject({ state: 'wanting' });
      await cluster.act(step);
      expect(cluster.patches).toEqual([
        [expect.objectContaining({ op: 'add', path: '/operation' })],
      ]);
    },
  );

  it('takes the base of the same cluster from an Argo CD of many', async () => {
    const inCluster = (name: string) => ({ destination: { name } });
    const { steps } = await aCluster(istiod(ARGO), {
      applications: [
        anApplication('east-base', baseSpec(inCluster('east'))),
        anApplication('west-base', baseSpec(inCluster('west'))),
        anApplication('mesh', {
          ...inCluster('west'),
          source: { chart: 'istiod', targetRevision: FROM },
        }),
      ],
    }).plan('argocd');
    expect(steps[0].parameters.title).toBe('Application argocd/west-base');
  });

  it("upgrades Istio's CNI by the Application that installs it, and follows it to every node", async () => {
    const application = anApplication('istio-cni', {
      source: { chart: 'istio/cni', targetRevision: FROM },
    });
    const cluster = aCluster(istiod(ARGO), { applications: [application] });
    const agent = aDaemonSet('istio-cni', FROM);
    cluster.objects.daemonsets = [agent];
    const { steps, changes } = await cluster.planAgent('argocd', agent);
    expect(changes).toMatchObject([
      {
        object: 'Application argocd/istio-cni',
        after: `spec.source.targetRevision: ${TO}`,
        effect:
          'Argo CD rolls DaemonSet istio-system/istio-cni-node node by node',
      },
    ]);
    expect(steps.map(({ title }) => title)).toEqual(['istio-cni-node']);
    const step = afterItsWrite(cluster.begin(steps[0]));
    application.spec.source.targetRevision = TO;
    application.status = {
      operationState: { phase: 'Succeeded', syncResult: { revision: TO } },
    };
    expect((await cluster.observe(step)).state).toBe('moving');
    cluster.objects.daemonsets = [aDaemonSet('istio-cni', TO)];
    expect((await cluster.observe(step)).state).toBe('done');

    const elsewhere = aDaemonSet('agents-of-another-cluster', FROM);
    expect(await cluster.planAgent('argocd', elsewhere)).toMatchObject({
      steps: [],
      skipped: [
        {
          workload: 'prod/istio-system/DaemonSet/istio-cni-node',
          reason: expect.stringMatching(/^Set version 1\.30\.3 where Argo CD/),
        },
      ],
    });
  });

  it.each([
    ['values', { values: 'global:\n  tag: 1.29.4\n' }],
    ['an object of values', { valuesObject: { global: { tag: FROM } } }],
    ['a parameter', { parameters: [{ name: 'global.tag', value: FROM }] }],
  ])('refuses an image that an Application pins by %s', async (_what, helm) => {
    await expect(
      aCluster(istiod(ARGO), {
        applications: [
          anApplication('mesh', {
            source: { chart: 'istiod', targetRevision: FROM, helm },
          }),
        ],
      }).plan('argocd'),
    ).rejects.toThrow(
      /Application argocd\/mesh pins the image by a value \(global\.tag=1\.29\.4\)/,
    );
  });

  it('says what to change, and waits, where the cluster does not show it', async () => {
    const elsewhere: Record<string, (KubernetesObject & Values)[]>[] = [
      {},
      { applications: [] },
      {
        applications: [
          anApplication('mesh', {
            source: { path: 'istio', targetRevision: 'main' },
          }),
        ],
      },
    ];
    for (const objects of elsewhere) {
      const { changes, steps } = await aCluster(istiod(ARGO), objects).plan(
        'argocd',
      );
      expect(changes).toMatchObject([
        { object: 'Deployment istio-system/istiod', after: TO },
      ]);
      expect(steps).toMatchObject([
        {
          title: 'istiod',
          action: 'manual-upgrade',
          parameters: {
            deployment: 'istiod',
            version: TO,
            what: expect.stringMatching(
              /^Set version 1\.30\.3 of the charts base and istiod where Argo CD application mesh reads it, in Git/,
            ),
          },
        },
      ]);
    }
  });
});
