import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient } from '../../clusters/types';
import { hashPlan } from '../plans/hashPlan';
import { objectYaml } from './objectYaml';
import { patchLocally } from './patchLocally';
import { previewPatch } from './previewPatch';

const REF = {
  group: 'sailoperator.io',
  version: 'v1',
  resource: 'istios',
  name: 'default',
};
const OBJECT = {
  apiVersion: 'sailoperator.io/v1',
  kind: 'Istio',
  metadata: {
    name: 'default',
    uid: 'u',
    generation: 4,
    resourceVersion: '10',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    managedFields: [{ manager: 'kubectl' }],
  },
  spec: {
    version: 'v1.29.4',
    values: {
      pilot: { env: { TOKEN: 'abc', url: 'https://ada:pw@example.com' } },
      global: { imagePullSecrets: ['pull'], secretName: 'kept' },
    },
  },
  status: { state: 'Healthy' },
};
const PATCH = { spec: { version: 'v1.30.3' } };

function clientThat(patch: KubernetesClient['patch']): KubernetesClient {
  return { patch } as Partial<KubernetesClient> as KubernetesClient;
}
const { signal } = new AbortController();

describe('previewPatch', () => {
  it('shows what the API server answers to a dry run, without what it keeps itself and without secrets', async () => {
    const asked: unknown[] = [];
    const client = clientThat(async (ref, type, body, options) => {
      asked.push([ref, type, body, options?.dryRun]);
      return {
        ...OBJECT,
        spec: { ...OBJECT.spec, version: 'v1.30.3', profile: 'default' },
      } as never;
    });
    const yaml = await previewPatch(
      client,
      { ref: REF, object: OBJECT, patch: PATCH },
      signal,
    );
    expect(asked).toEqual([[REF, 'merge', PATCH, true]]);
    expect(yaml?.before).toBe(`apiVersion: sailoperator.io/v1
kind: Istio
metadata:
  name: default
spec:
  version: v1.29.4
  values:
    pilot:
      env:
        TOKEN: "***"
        url: https://***@example.com
    global:
      imagePullSecrets:
        - pull
      secretName: kept
`);
    expect(yaml?.after).toContain('  version: v1.30.3\n');
    expect(yaml?.after).toContain('  profile: default\n');
  });

  it('computes the change and says so where a dry run is refused', async () => {
    const client = clientThat(async () => {
      throw new KubernetesError({
        cluster: 'c',
        action: 'patch',
        status: 400,
        serverMessage: 'webhook does not\nsupport dry run',
      });
    });
    const yaml = await previewPatch(
      client,
      {
        ref: REF,
        object: OBJECT,
        patch: [
          { op: 'test', path: '/spec/version', value: 'v1.29.4' },
          { op: 'replace', path: '/spec/version', value: 'v1.30.3' },
        ],
      },
      signal,
    );
    expect(yaml?.after).toBe(
      `# Computed without the API server, which refused a dry run: webhook does not support dry run\n${yaml?.before?.replace(
        'v1.29.4',
        'v1.30.3',
      )}`,
    );
  });
});

describe('patchLocally', () => {
  it('merges, removes, and sets in lists and where nothing is', () => {
    expect(
      patchLocally(
        { a: 1, b: { c: 2, d: 3 }, e: [1] },
        { a: null, b: { c: { f: 4 } }, e: [2, 3] },
      ),
    ).toEqual({ b: { c: { f: 4 }, d: 3 }, e: [2, 3] });
    expect(
      patchLocally({ s: [{ v: 1 }, { v: 2 }] }, [
        { op: 'replace', path: '/s/1/v', value: 9 },
        { op: 'add', path: '/n/a~1b', value: true },
      ]),
    ).toEqual({ s: [{ v: 1 }, { v: 9 }], n: { 'a/b': true } });
  });
});

describe('hashPlan', () => {
  const subject = {
    kind: 'mesh' as const,
    meshId: 'm',
    targetVersion: '1.30.3',
  };
  const change = (yaml: object) => ({
    cluster: 'c',
    object: 'o',
    before: 'b',
    after: 'a',
    effect: 'e',
    yaml,
  });
  const hash = (object: object, after = '') =>
    hashPlan(subject, [
      change({ before: objectYaml(object as typeof OBJECT), after }),
    ]);

  it('follows what somebody wrote, not what the API server adds or answers', () => {
    const touched = {
      ...OBJECT,
      metadata: { ...OBJECT.metadata, resourceVersion: '11', generation: 5 },
      status: { state: 'Reconciling' },
    };
    expect(hash(touched)).toBe(hash(OBJECT));
    expect(hash(OBJECT, '# Computed without the API server')).toBe(
      hash(OBJECT),
    );
    expect(hash({ ...OBJECT, spec: { version: 'v1.29.5' } })).not.toBe(
      hash(OBJECT),
    );
  });
});
