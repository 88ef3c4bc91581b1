import type { KubernetesObject } from '../../../clusters/types';
import { looking } from './__testUtils__/looking';
import { DEFAULT, OWN } from './__testUtils__/validators';
import { webhookHealth } from './webhookHealth';

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
