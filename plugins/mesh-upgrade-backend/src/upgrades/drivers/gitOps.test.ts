import type {
  ControlPlaneView,
  MeshComponentView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  ClusterRegistry,
  KubernetesClient,
  KubernetesObject,
  ObjectRef,
  ResourceType,
} from '../../clusters/types';
import type { DaemonSet, Deployment } from '../../kubernetes/types';
import { ChangeActuator } from '../actuators/ChangeActuator';
import { gitopsSource } from '../gitops/gitopsSource';
import { patchLocally, type PatchOperation } from '../preview/patchLocally';
import { newStep, storedRun } from '../testing/runs';
import type { Step, StepObservation } from '../types';
import { createGitOpsDriver } from './gitOps';

const FROM = '1.29.4';
const TO = '1.30.3';
const IN_GIT = {
  'kustomize.toolkit.fluxcd.io/name': 'infra',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};

type Values = Record<string, any>;

function object(
  name: string,
  spec: Values,
  { namespace = 'istio-system', ...metadata }: Values = {},
): KubernetesObject & Values {
  return { metadata: { name, namespace, ...metadata }, spec };
}

function istiod(metadata: Values, version = FROM): Deployment {
  return {
    ...object('istiod', {
      replicas: 1,
      selector: {},
      template: {
        spec: {
          containers: [
            { name: 'discovery', image: `docker.io/istio/pilot:${version}` },
          ],
        },
      },
    }),
    metadata: {
      name: 'istiod',
      namespace: 'istio-system',
      generation: 1,
      ...metadata,
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    },
  } as unknown as Deployment;
}

const FLUX = {
  labels: {
    'helm.toolkit.fluxcd.io/name': 'istiod',
    'helm.toolkit.fluxcd.io/namespace': 'istio-system',
  },
};
const ARGO = {
  annotations: {
    'argocd.argoproj.io/tracking-id':
      'mesh:apps/Deployment:istio-system/istiod',
  },
};

const chart = (name: string) => ({
  chart: { spec: { chart: name, version: FROM } },
});

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

/** Objects by resource, and the patches that were made. */
function aCluster(
  deployment: Deployment,
  objects: Record<string, (KubernetesObject & Values)[]>,
) {
  const all: Record<string, (KubernetesObject & Values)[]> = {
    deployments: [deployment],
    replicasets: [],
    pods: [],
    ...objects,
  };
  const find = ({ resource, namespace, name }: ObjectRef) =>
    all[resource].find(
      ({ metadata }) =>
        metadata.name === name && metadata.namespace === namespace,
    )!;
  const patches: unknown[] = [];
  const client = {
    serves: async ({ resource, version }: ResourceType) =>
      resource in all && version !== 'v1beta1',
    get: async (ref: ObjectRef) => find(ref),
    async *list(
      { resource }: ResourceType,
      { namespace }: { namespace?: string } = {},
    ) {
      yield {
        items: all[resource].filter(
          ({ metadata }) =>
            namespace === undefined || metadata.namespace === namespace,
        ),
        resourceVersion: '1',
      };
    },
    patch: async (
      ref: ObjectRef,
      _type: string,
      patch: PatchOperation[],
      { dryRun }: { dryRun?: boolean },
    ) => {
      if (!dryRun) {
        patches.push(patch);
      }
      return patchLocally(await client.get(ref), patch);
    },
  } as unknown as KubernetesClient;
  const plan = (method: 'flux' | 'argocd') =>
    createGitOpsDriver(method).plan({
      client,
      controlPlane: {
        cluster: 'prod',
        namespace: 'istio-system',
        name: 'istiod',
        revision: 'default',
        install: { method, evidence: [] as string[] },
      } as ControlPlaneView,
      deployment,
      targetVersion: TO,
      signal: new AbortController().signal,
    });
  const actuator = ChangeActuator.create({
    clusters: {
      get: () => ({ mode: 'full', client }),
    } as unknown as ClusterRegistry,
    change: gitopsSource,
  });
  const run = storedRun();
  const options = { signal: new AbortController().signal, now: new Date() };
  const begin = (planned: Partial<Step>): Step => {
    const step = newStep({ ...planned, state: 'running' });
    return { ...step, intent: actuator.intend(step, run, new Date()) };
  };
  const planAgent = (method: 'flux' | 'argocd', daemonSet: DaemonSet) =>
    createGitOpsDriver(method).planNodeAgent!({
      client,
      agent: {
        kind: 'cni',
        cluster: 'prod',
        namespace: 'istio-system',
        name: 'istio-cni-node',
      } as MeshComponentView,
      daemonSet,
      targetVersion: TO,
      signal: new AbortController().signal,
    });
  return {
    plan,
    planAgent,
    objects: all,
    patches,
    begin,
    async stepOf(method: 'flux' | 'argocd'): Promise<Step> {
      const { steps } = await plan(method);
      return begin(steps.at(-1)!);
    },
    observe: (step: Step): Promise<StepObservation> =>
      actuator.observe(step, run, options),
    act: (step: Step) => actuator.act(step, run, options),
  };
}

describe('createGitOpsDriver', () => {
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
