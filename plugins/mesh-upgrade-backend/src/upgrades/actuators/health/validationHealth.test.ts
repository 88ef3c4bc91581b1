import { KubernetesError } from '../../../clusters/KubernetesError';
import type { KubernetesClient } from '../../../clusters/types';
import { lists, looking } from './__testUtils__/looking';
import { DEFAULT, OWN } from './__testUtils__/validators';
import { validationHealth } from './validationHealth';

function refusal(status: number, serverMessage: string): KubernetesError {
  return new KubernetesError({
    cluster: 'prod-eu',
    action: 'create gateways istio-system/probe (dry run)',
    status,
    serverMessage,
  });
}

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
