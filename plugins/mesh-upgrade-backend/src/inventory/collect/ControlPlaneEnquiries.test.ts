import { gzipSync } from 'node:zlib';
import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient } from '../../clusters/types';
import {
  podObject,
  replicaSetObject,
  workloadObject,
} from '../__testUtils__/objects';
import { ClusterFacts } from '../facts/ClusterFacts';
import { controlPlanesOf } from '../rules/controlPlanes';
import { createMeshLookup } from '../rules/meshOf';
import { ControlPlaneEnquiries } from './ControlPlaneEnquiries';

const DIGEST = 'docker.io/istio/pilot@sha256:1';

function istiod(
  image: string,
  chart = 'istiod-1.30.2',
  labels: Record<string, string> = {},
) {
  return workloadObject('istiod', {
    labels: {
      ...labels,
      app: 'istiod',
      'app.kubernetes.io/managed-by': 'Helm',
      'helm.sh/chart': chart,
    },
    annotations: {
      'meta.helm.sh/release-name': 'istiod',
      'meta.helm.sh/release-namespace': 'shop',
    },
    containers: [{ name: 'discovery', image }],
  });
}

function releaseSecret(version: string) {
  const packed = gzipSync(
    JSON.stringify({
      name: 'istiod',
      namespace: 'shop',
      version: 7,
      chart: { metadata: { name: 'istiod', version } },
      config: { global: { tag: '1.29.4', proxy: { password: 'hidden' } } },
    }),
  ).toString('base64');
  return {
    metadata: { name: 'sh.helm.release.v1.istiod.v7', namespace: 'shop' },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}

function refused(action: string) {
  return new KubernetesError({
    cluster: 'prod',
    action,
    status: 403,
    serverMessage: 'it is forbidden',
  });
}

function setUp(options: {
  image: string;
  secrets?: () => object[];
  version?: () => string;
}) {
  const asked: string[] = [];
  const client = {
    cluster: 'prod',
    async *list(_: unknown, { labelSelector }: { labelSelector: string }) {
      asked.push(`secrets ${labelSelector}`);
      yield { items: options.secrets?.() ?? [], resourceVersion: '1' };
    },
    async podProxy(pod: { name: string; port: number }, path: string) {
      asked.push(`${pod.name}:${pod.port}/${path}`);
      return options.version?.() ?? '';
    },
  } as unknown as KubernetesClient;
  const facts = new ClusterFacts({ onChange: () => {} });
  facts.deployments.upsert(istiod(options.image));
  facts.replicasets.upsert(replicaSetObject('istiod-1', 'istiod'));
  facts.pods.upsert(
    podObject('istiod-1-a', {
      owner: { kind: 'ReplicaSet', name: 'istiod-1' },
      labels: { app: 'istiod' },
      image: options.image,
    }),
  );
  const enquiries = ControlPlaneEnquiries.create({ client, facts });
  return {
    asked,
    facts,
    ask: () => enquiries.askOpen(new AbortController().signal),
    view: () =>
      controlPlanesOf(
        'prod',
        facts,
        createMeshLookup('prod', facts, { meshes: [], customWorkloads: [] }),
      )[0].view,
  };
}

describe('ControlPlaneEnquiries', () => {
  it('reads chart and pinned values of the release once per change, and nothing else of it', async () => {
    let version = '1.30.2';
    const { asked, ask, facts, view } = setUp({
      image: 'docker.io/istio/pilot:1.29.4',
      secrets: () => [releaseSecret(version)],
    });
    await ask();
    await ask();
    expect(asked).toEqual(['secrets owner=helm,status=deployed,name=istiod']);
    expect(view().install).toEqual({
      method: 'helm',
      evidence: [
        'Helm release shop/istiod: app.kubernetes.io/managed-by=Helm, meta.helm.sh/release-name=istiod, meta.helm.sh/release-namespace=shop',
        'Chart istiod 1.30.2, revision 7 of the release',
        'Value global.tag=1.29.4 is pinned by the user',
      ],
      release: {
        namespace: 'shop',
        name: 'istiod',
        revision: 7,
        chart: 'istiod',
        chartVersion: '1.30.2',
        pinned: ['global.tag=1.29.4'],
      },
    });
    expect(JSON.stringify([...facts.enquired.values()])).not.toContain(
      'hidden',
    );

    version = '1.30.3';
    facts.deployments.upsert(
      istiod('docker.io/istio/pilot:1.29.4', 'istiod-1.30.3'),
    );
    await ask();
    expect(view().install.release?.chartVersion).toBe('1.30.3');

    const byHand = istiod('docker.io/istio/pilot:1.29.4');
    facts.deployments.upsert({
      ...byHand,
      metadata: { ...byHand.metadata, annotations: {} },
    });
    await ask();
    expect(view().install.method).toBe('unknown');
    expect(view().install.release).toBeUndefined();
  });

  it('takes what an operator writes into its release for no pin of the user', async () => {
    const image = 'docker.io/istio/pilot:1.29.4';
    const { ask, facts, view } = setUp({
      image,
      secrets: () => [releaseSecret('1.29.4')],
    });
    facts.deployments.upsert(
      istiod(image, 'istiod-1.29.4', { 'managed-by': 'sail-operator' }),
    );
    await ask();
    const { method, evidence, release } = view().install;
    expect(method).toBe('sail');
    expect(release?.pinned).toEqual([]);
    expect(evidence.join()).not.toContain('pinned');
  });

  it('tells a refusal as evidence and does not ask again at once', async () => {
    const { asked, ask, view } = setUp({
      image: DIGEST,
      secrets: () => {
        throw refused('list secrets in namespace shop');
      },
      version: () => {
        throw refused('get pods/proxy shop/istiod-1-a');
      },
    });
    await ask();
    await ask();
    await ask();
    expect(asked).toHaveLength(2);
    expect(view().install.evidence).toContainEqual(
      expect.stringMatching(
        /^The Helm release cannot be read: .*list secrets.*it is forbidden.*it is shown when the identity of the cluster may list secrets in namespace shop$/,
      ),
    );
    // The label is there for everybody, only less to be relied on.
    expect(view().install.evidence).toContain(
      'Chart istiod-1.30.2 by the label helm.sh/chart',
    );
    expect(view().version).toBeUndefined();
    expect(view().versionProblem).toMatch(/get pods\/proxy.*it is forbidden/);
  });

  it.each([
    ['1.30.3-0a1b2c3d4e5f60718293a4b5c6d7e8f901234567-Clean', '1.30.3'],
    ['1.29.4-mspider', '1.29.4-mspider'],
    ['<html>log in</html>', undefined],
  ])('takes from the answer %s of istiod version %s', async (text, version) => {
    const { asked, ask, view } = setUp({ image: DIGEST, version: () => text });
    await ask();
    expect(asked).toContain('istiod-1-a:15014/version');
    expect(view().version).toBe(version);
    expect(view().versionProblem === undefined).toBe(version !== undefined);
  });

  it('asks nothing of an istiod whose image tells its version', async () => {
    const { asked, ask } = setUp({ image: 'docker.io/istio/pilot:1.30.3' });
    await ask();
    expect(asked.filter(each => each.includes('version'))).toEqual([]);
  });
});
