import { KubernetesError } from '../../../clusters/KubernetesError';
import { newStep, storedRun } from '../../testing/runs';
import type {
  KubernetesClient,
  KubernetesObject,
} from '../../../clusters/types';
import type { Look } from '../LookActuator';
import { gatewayRollout } from './gatewayRollout';
import { validationHealth } from './validationHealth';
import { webhookHealth } from './webhookHealth';

const START = Date.parse('2026-11-01T00:00:00Z');

/** Looks over and over, as the engine does, keeping what the look remembers. */
function looking(
  look: Look,
  client: Partial<KubernetesClient>,
  parameters: Record<string, unknown>,
) {
  let step = newStep({ parameters });
  return async (seconds: number) => {
    const seen = await look.look(client as KubernetesClient, step, {
      run: storedRun({ steps: [step] }),
      now: new Date(START + seconds * 1000),
      signal: new AbortController().signal,
    });
    step = { ...step, detail: seen.detail ?? step.detail };
    return seen;
  };
}

function refusal(status: number, serverMessage: string): KubernetesError {
  return new KubernetesError({
    cluster: 'prod-eu',
    action: 'create gateways istio-system/probe (dry run)',
    status,
    serverMessage,
  });
}

function lists(
  byResource: Record<string, unknown[]>,
): Pick<KubernetesClient, 'list'> {
  return {
    async *list<T extends KubernetesObject>({
      resource,
    }: {
      resource: string;
    }) {
      const items = (byResource[resource] ?? []) as T[];
      yield { items, resourceVersion: '1' };
    },
  };
}

function validator(name: string, webhook: string, revision: string) {
  return {
    metadata: { name, labels: { 'istio.io/rev': revision } },
    webhooks: [
      {
        name: webhook,
        clientConfig: {
          service: { namespace: 'istio-system', name: `istiod-${revision}` },
        },
      },
    ],
  };
}

const OWN = validator(
  'istio-validator-blue',
  'rev.validation.istio.io',
  'blue',
);
const DEFAULT = validator(
  'istiod-default-validator',
  'validation.istio.io',
  'green',
);

describe('validation of configuration', () => {
  const denied = (webhook: string) =>
    refusal(400, `admission webhook "${webhook}" denied the request: no host`);

  function world(
    answers: { sound?: Error; faulty?: Error },
    validators: unknown[] = [OWN, DEFAULT],
  ) {
    const asked: [object, unknown][] = [];
    const client: Partial<KubernetesClient> = {
      ...lists({ validatingwebhookconfigurations: validators }),
      create: async (_resource, body, options) => {
        asked.push([body, options?.dryRun]);
        const isFaulty = JSON.stringify(body).includes('faulty');
        const answer = isFaulty ? answers.faulty : answers.sound;
        if (answer) {
          throw answer;
        }
        return body as never;
      },
    };
    const look = looking(validationHealth, client, {
      namespace: 'istio-system',
      deployment: 'istiod-blue',
      revision: 'blue',
      version: '1.30.3',
    });
    return { look, asked };
  }

  it('is proven by its own validator, only ever with dry runs', async () => {
    const { look, asked } = world({
      faulty: denied('rev.validation.istio.io'),
    });
    expect(await look(0)).toMatchObject({
      state: 'done',
      message:
        'rev.validation.istio.io accepts a sound Gateway and refuses a faulty one: no host',
    });
    expect(asked.map(([, dryRun]) => dryRun)).toEqual([true, true]);
    for (const [body] of asked) {
      expect(body).toMatchObject({
        metadata: { labels: { 'istio.io/rev': 'blue' } },
      });
    }
  });

  it('is not proven by the validator of another revision', async () => {
    const { look } = world({ faulty: denied('validation.istio.io') });
    expect((await look(0)).state).toBe('moving');
    expect(await look(60)).toMatchObject({
      state: 'unproven',
      message:
        'A faulty Gateway is refused by validation.istio.io, which is not of revision blue',
    });
  });

  it.each([
    [
      'nobody answers',
      {
        sound: refusal(
          500,
          'failed calling webhook "rev.validation.istio.io": no endpoints',
        ),
      },
      /every change of Istio's configuration is refused: failed calling/,
    ],
    [
      'a sound Gateway is refused',
      { sound: denied('rev.validation.istio.io') },
      /refuses a Gateway in which nothing is wrong/,
    ],
    [
      'a faulty one passes',
      {},
      /passes, although istio-validator-blue and istiod-default-validator/,
    ],
  ])('fails when %s for a minute', async (_, answers, message) => {
    const { look } = world(answers);
    expect(await look(0)).toMatchObject({ state: 'moving' });
    expect(await look(59)).toMatchObject({ state: 'moving' });
    expect(await look(60)).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [refusal(403, 'User "u" cannot create gateways'), /deploy\/full\.yaml/],
    [denied('validate.kyverno.svc'), /Another admission webhook answers first/],
    [refusal(404, 'not found'), /404/],
  ])('is not proven after %s', async (sound, message) => {
    expect(await world({ sound }).look(0)).toMatchObject({
      state: 'unproven',
      message: expect.stringMatching(message),
    });
  });

  it('is not proven where nothing validates, and asked again when the server is in trouble', async () => {
    expect(await world({}, []).look(0)).toMatchObject({
      state: 'unproven',
      message: expect.stringContaining('Nothing validates'),
    });
    const trouble = refusal(503, 'etcd is away');
    await expect(world({ sound: trouble }).look(0)).rejects.toBe(trouble);
  });
});

describe('validators and revision tags', () => {
  const tag = {
    ...OWN,
    metadata: {
      name: 'istio-revision-tag-prod',
      labels: { 'istio.io/rev': 'blue', 'istio.io/tag': 'prod' },
    },
  };
  const other = {
    ...tag,
    metadata: {
      ...tag.metadata,
      labels: { 'istio.io/rev': 'gone', 'istio.io/tag': 'old' },
    },
  };

  function world(ready: string[]) {
    const pod = {
      metadata: { name: 'istiod' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    return looking(
      webhookHealth,
      {
        async *list<T extends KubernetesObject>(
          { resource }: { resource: string },
          options?: { labelSelector?: string },
        ) {
          const items = {
            validatingwebhookconfigurations: [OWN, DEFAULT],
            mutatingwebhookconfigurations: [tag, other],
            pods: ready.includes(options?.labelSelector ?? '') ? [pod] : [],
          }[resource] as unknown as T[];
          yield { items, resourceVersion: '1' };
        },
        get: async ({ name }) =>
          ({ metadata: { name }, spec: { selector: { app: name } } } as never),
      },
      { revisions: ['blue'] },
    );
  }

  it('are proven when each leads to a pod that is Ready', async () => {
    expect(await world(['app=istiod-blue', 'app=istiod-green'])(0)).toEqual({
      state: 'done',
      message:
        'istio-revision-tag-prod, istio-validator-blue, istiod-default-validator: each leads to an istiod that is Ready',
    });
  });

  it('fail after a minute, with what comes of it', async () => {
    const look = world(['app=istiod-green']);
    expect((await look(0)).state).toBe('moving');
    const { state, message } = await look(61);
    expect(state).toBe('failed');
    expect(message).toContain(
      'istio-revision-tag-prod (revision blue) leads to Service istio-system/istiod-blue, behind which no pod is Ready: pods of the namespaces that use the tag cannot be created',
    );
    expect(message).toContain('istio-validator-blue');
    expect(message).not.toContain('istiod-default-validator');
    expect(message).not.toContain('tag-old');
  });
});

describe('gateways that istiod deploys', () => {
  const deployment = (version: string, updated: number) => ({
    metadata: { name: 'gw', generation: 1 },
    spec: {
      replicas: 1,
      selector: {},
      template: {
        spec: {
          containers: [{ name: 'istio-proxy', image: `proxyv2:${version}` }],
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: updated,
      availableReplicas: updated,
    },
  });

  it('are followed, and told when istiod leaves one alone', async () => {
    const world: Record<string, object> = {
      a: deployment('1.29.4', 1),
      b: deployment('1.29.4', 1),
    };
    const look = looking(
      gatewayRollout,
      { ...lists({}), get: async ({ name }) => world[name] as never },
      {
        version: '1.30.3',
        gateways: ['a', 'b'].map(name => ({ namespace: 'edge', name })),
      },
    );
    expect(await look(0)).toMatchObject({
      state: 'moving',
      progress: { done: 0, total: 2 },
    });
    world.a = deployment('1.30.3', 0);
    expect(await look(90)).toMatchObject({ state: 'moving' });
    world.a = deployment('1.30.3', 1);
    expect(await look(95)).toMatchObject({
      state: 'moving',
      progress: { done: 1, total: 2 },
    });
    expect(await look(155)).toMatchObject({
      state: 'unproven',
      message: expect.stringMatching(
        /^1 of 2 gateways run 1\.30\.3\. istiod has not changed edge\/b \(1\.29\.4\)/,
      ),
    });
    world.b = deployment('1.30.3', 1);
    expect(await look(156)).toMatchObject({ state: 'done' });
  });
});
