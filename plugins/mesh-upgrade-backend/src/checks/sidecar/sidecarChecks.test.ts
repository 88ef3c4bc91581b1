import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient } from '../../clusters/types';
import { aWorkload, sidecarContext } from '../__testUtils__/fakes';
import type { SidecarCheck } from '../types';
import { desiredVersion } from './desired-version';
import { injectionDryRun } from './injection-dry-run';
import { restartMethod } from './restart-method';

function run(
  check: SidecarCheck,
  workload = aWorkload(),
  client: Partial<KubernetesClient> = {},
) {
  return check.run(sidecarContext(workload, client));
}

describe('restartMethod', () => {
  it('turns every reason against a restart into a blocker', async () => {
    await expect(run(restartMethod())).resolves.toMatchObject([
      { severity: 'passed' },
    ]);
    const blocked = (blockers: string[]) =>
      run(restartMethod(), aWorkload({ method: { kind: 'none', blockers } }));
    await expect(
      blocked(['It is paused.', 'It pins its proxy.']),
    ).resolves.toMatchObject([
      { severity: 'blocker', evidence: { observed: 'It is paused.' } },
      { severity: 'blocker', evidence: { observed: 'It pins its proxy.' } },
    ]);
    await expect(blocked([])).resolves.toMatchObject([{ severity: 'blocker' }]);
  });
});

describe('desiredVersion', () => {
  it('is undecided where the version is unknown', async () => {
    await expect(run(desiredVersion())).resolves.toMatchObject([
      { severity: 'passed', title: 'New pods get 1.30.3' },
    ]);
    await expect(
      run(desiredVersion(), aWorkload({ desiredVersion: undefined })),
    ).resolves.toMatchObject([{ severity: 'unknown' }]);
  });
});

describe('injectionDryRun', () => {
  const template = {
    metadata: { labels: { app: 'cart' }, annotations: { note: 'kept' } },
    spec: { containers: [{ name: 'app', image: 'cart:1' }] },
  };
  const app = template.spec.containers[0];
  const refusal = (status: number, serverMessage: string) =>
    new KubernetesError({
      cluster: 'prod-eu',
      action: 'create pods shop',
      status,
      serverMessage,
    });

  /** A cluster that answers the trial with a pod of this spec, or with an error. */
  function trial(answer: object | Error, more: Partial<KubernetesClient> = {}) {
    const create = jest.fn(async () => {
      if (answer instanceof Error) {
        throw answer;
      }
      return { metadata: { name: 'cart-x' }, spec: answer };
    });
    const get = jest.fn(async () => ({
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { template },
    }));
    return { create, get, ...more } as Partial<KubernetesClient> & {
      create: jest.Mock;
      get: jest.Mock;
    };
  }
  const proxy = (image: string) => ({ name: 'istio-proxy', image });

  it('tries the pod of the template as it is, without keeping it', async () => {
    const client = trial({
      containers: [app, proxy('docker.io/istio/proxyv2:1.30.3')],
    });
    await expect(run(injectionDryRun(), aWorkload(), client)).resolves.toEqual([
      {
        severity: 'passed',
        title: 'A new pod gets 1.30.3',
        evidence: {
          object: 'trial pod of Deployment shop/cart',
          observed:
            "Container 'istio-proxy' with image docker.io/istio/proxyv2:1.30.3",
          expected: 'A pod with a sidecar of version 1.30.3',
        },
        remedy: '',
      },
    ]);
    expect(client.get).toHaveBeenCalledWith(
      {
        group: 'apps',
        version: 'v1',
        resource: 'deployments',
        namespace: 'shop',
        name: 'cart',
      },
      expect.anything(),
    );
    expect(client.create).toHaveBeenCalledWith(
      { group: '', version: 'v1', resource: 'pods', namespace: 'shop' },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          generateName: 'cart-',
          namespace: 'shop',
          labels: { app: 'cart' },
          annotations: { note: 'kept' },
        },
        spec: template.spec,
      },
      expect.objectContaining({ dryRun: true }),
    );
  });

  it('adds the volumes that a StatefulSet mounts by its claims', async () => {
    const client = trial(
      { containers: [proxy('istio/proxyv2:1.30.3')] },
      {
        get: jest.fn(async () => ({
          metadata: { name: 'db', namespace: 'shop' },
          spec: {
            template: {
              spec: { ...template.spec, volumes: [{ name: 'tmp' }] },
            },
            volumeClaimTemplates: [{ metadata: { name: 'data' } }],
          },
        })) as unknown as KubernetesClient['get'],
      },
    );
    await run(
      injectionDryRun(),
      aWorkload({ kind: 'StatefulSet', name: 'db' }),
      client,
    );
    expect(client.create.mock.calls[0][1].spec.volumes).toEqual([
      { name: 'tmp' },
      { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
    ]);
  });

  it.each([
    [
      'a native sidecar',
      { containers: [app], initContainers: [proxy('r/proxyv2:1.30.3')] },
      'passed',
    ],
    [
      'a variant of the image',
      { containers: [app, proxy('r/proxyv2:1.30.3-distroless')] },
      'passed',
    ],
    [
      'another version',
      { containers: [app, proxy('r/proxyv2:1.29.4')] },
      'blocker',
    ],
    [
      'another family',
      { containers: [app, proxy('r/proxyv2:1.30.3-mspider')] },
      'blocker',
    ],
    ['no sidecar', { containers: [app] }, 'blocker'],
    [
      'an unreadable tag',
      { containers: [app, proxy('r/proxyv2:latest')] },
      'unknown',
    ],
  ])('judges %s', async (_, spec, severity) => {
    await expect(
      run(injectionDryRun(), aWorkload(), trial(spec)),
    ).resolves.toMatchObject([{ severity }]);
  });

  it('is not asked of a workload that is blocked anyway', () => {
    const { applies } = injectionDryRun();
    expect(applies?.(aWorkload())).toBe(true);
    expect(
      applies?.(aWorkload({ method: { kind: 'none', blockers: ['x'] } })),
    ).toBe(false);
  });

  const may = (allowed: boolean): Partial<KubernetesClient> => ({
    accessReview: async () => ({ allowed }),
  });
  const quota = 'pods "cart-x" is forbidden: exceeded quota: small';
  it.each([
    ['a policy', refusal(403, quota), may(true), 'blocker', quota],
    [
      'a missing right',
      refusal(403, 'cannot create resource "pods"'),
      may(false),
      'unknown',
      'cannot create resource',
    ],
    [
      'a right that cannot be asked for',
      refusal(403, quota),
      {},
      'unknown',
      quota,
    ],
    [
      'an invalid pod',
      refusal(422, 'spec.x: Invalid value'),
      {},
      'blocker',
      'spec.x: Invalid value',
    ],
    [
      'a webhook that denies',
      refusal(400, 'admission webhook "p" denied the request'),
      {},
      'blocker',
      'denied the request',
    ],
    [
      'a webhook with side effects',
      refusal(400, 'admission webhook "p" does not support dry run'),
      {},
      'unknown',
      'does not support dry run',
    ],
    [
      'an injector that is down',
      refusal(500, 'failed calling webhook'),
      {},
      'unknown',
      'failed calling webhook',
    ],
    [
      'a lost connection',
      new Error('socket hang up'),
      {},
      'unknown',
      'socket hang up',
    ],
  ] as const)(
    'takes %s for what it is',
    async (_, error, more, severity, words) => {
      const [finding] = await run(
        injectionDryRun(),
        aWorkload(),
        trial(error, more),
      );
      expect(finding.severity).toBe(severity);
      expect(finding.evidence.observed).toContain(words);
      expect(finding.remedy).not.toBe('');
    },
  );

  it('is undecided about a workload that cannot be read', async () => {
    const client = trial(
      {},
      {
        get: async () => {
          throw refusal(404, 'deployments.apps "cart" not found');
        },
      },
    );
    await expect(
      run(injectionDryRun(), aWorkload(), client),
    ).resolves.toMatchObject([
      {
        severity: 'unknown',
        evidence: { observed: expect.stringContaining('"cart" not found') },
      },
    ]);
  });
});
