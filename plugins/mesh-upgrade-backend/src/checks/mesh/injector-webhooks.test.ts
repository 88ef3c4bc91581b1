import { runOnCluster } from '../__testUtils__/runOnCluster';
import { injector, istiod, namespace } from '../__testUtils__/webhooks';
import { injectorWebhooks } from './injector-webhooks';

function run(objects: Record<string, object[]>) {
  return runOnCluster(injectorWebhooks(), {
    services: [istiod('stable'), istiod('canary')],
    ...objects,
  });
}

function deployment(name: string, image: string, labels = {}) {
  return {
    metadata: { namespace: 'edge', name },
    spec: {
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'istio-proxy', image }] },
      },
    },
  };
}

describe('injector-webhooks', () => {
  it('passes with revisions and a tag that serve different namespaces', async () => {
    expect(
      await run({
        mutatingwebhookconfigurations: [
          injector('stable', { isDefault: true }),
          injector('canary'),
          injector('canary', { tag: 'next' }),
          { metadata: { name: 'of-somebody-else' }, webhooks: [] },
        ],
        namespaces: [
          namespace('shop', { 'istio-injection': 'enabled' }),
          namespace('lab', { 'istio.io/rev': 'next' }),
        ],
        deployments: [
          deployment('ingress', 'auto', { 'istio.io/rev': 'stable' }),
          deployment('plain', 'docker.io/istio/proxyv2:1.29.4'),
        ],
      }),
    ).toMatchObject([
      {
        severity: 'passed',
        evidence: { observed: '3 MutatingWebhookConfigurations' },
      },
    ]);
  });

  it('asks for consent when two injectors are called in a live namespace', async () => {
    const configurations = [
      injector('stable', { isDefault: true }),
      injector('canary', { isDefault: true }),
    ];
    expect(
      await run({
        mutatingwebhookconfigurations: configurations,
        namespaces: [
          namespace('shop', { 'istio-injection': 'enabled' }),
          namespace('quiet'),
        ],
      }),
    ).toMatchObject([
      {
        severity: 'consent',
        link: { title: 'IST0139' },
        title: 'Two injectors are called for pods of 1 namespace',
        evidence: {
          observed: expect.stringContaining('labelled istio-injection=enabled'),
        },
        objects: [
          { name: 'istio-sidecar-injector-canary' },
          { name: 'istio-sidecar-injector-stable' },
          { kind: 'Namespace', name: 'shop' },
        ],
      },
    ]);
    expect(
      await run({ mutatingwebhookconfigurations: configurations }),
    ).toMatchObject([{ severity: 'warning', link: { title: 'IST0139' } }]);
  });

  it('finds injectors of an istiod that is gone', async () => {
    const world = {
      mutatingwebhookconfigurations: [injector('old')],
      services: [istiod('stable')],
    };
    expect(await run(world)).toMatchObject([
      {
        severity: 'warning',
        link: { title: 'IST0139' },
        evidence: {
          observed:
            'No Service istio-system/istiod-old; failurePolicy Fail; selects no namespace',
        },
      },
    ]);
    expect(
      await run({
        ...world,
        namespaces: [namespace('shop', { 'istio.io/rev': 'old' })],
      }),
    ).toMatchObject([
      {
        severity: 'consent',
        objects: [{}, { kind: 'Namespace', name: 'shop' }],
      },
    ]);
  });

  it('takes an external control plane for one, and an address that is none for nobody', async () => {
    expect(
      await run({
        mutatingwebhookconfigurations: [
          injector('stable', { url: 'https://istiod.example.com/inject' }),
        ],
      }),
    ).toMatchObject([{ severity: 'passed' }]);
    expect(
      await run({
        mutatingwebhookconfigurations: [injector('stable', { url: 'no url' })],
      }),
    ).toMatchObject([{ severity: 'warning', link: { title: 'IST0163' } }]);
  });

  it('finds namespaces that ask in more than one way', async () => {
    const [finding] = await run({
      namespaces: [
        namespace('both', {
          'istio-injection': 'enabled',
          'istio.io/rev': 'a',
        }),
        namespace('ambient', {
          'istio.io/rev': 'a',
          'istio.io/dataplane-mode': 'ambient',
        }),
        namespace('off', {
          'istio-injection': 'disabled',
          'istio.io/rev': 'a',
        }),
        namespace('one', { 'istio.io/rev': 'a' }),
      ],
    });
    expect(finding).toMatchObject({
      severity: 'warning',
      link: { title: 'IST0123' },
    });
    expect(finding.objects?.map(({ name }) => name)).toEqual([
      'both',
      'ambient',
    ]);
  });

  it('finds Deployments whose proxy nobody fills in', async () => {
    expect(
      await run({
        mutatingwebhookconfigurations: [injector('stable')],
        deployments: [
          deployment('lost', 'auto'),
          deployment('found', 'auto', { 'istio.io/rev': 'stable' }),
        ],
      }),
    ).toMatchObject([
      {
        severity: 'warning',
        link: { title: 'IST0146' },
        objects: [{ kind: 'Deployment', namespace: 'edge', name: 'lost' }],
        objectsTotal: 1,
      },
    ]);
  });
});
