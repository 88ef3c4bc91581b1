import { gzipSync } from 'node:zlib';
import type { KubernetesClient } from '../../clusters/types';
import { planRollback } from './helmRollback';

/** A revision of the release as helm keeps it. */
function revision(version: number, chartVersion: string, status: string) {
  const packed = gzipSync(
    JSON.stringify({
      name: 'istiod',
      namespace: 'istio-system',
      version,
      info: { status },
      chart: { metadata: { name: 'istiod', version: chartVersion } },
      config: { pilot: { traceSampling: version } },
    }),
  ).toString('base64');
  return {
    metadata: { name: `v${version}`, namespace: 'istio-system' },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}

function plan(targetVersion: string, history: object[]) {
  const client = {
    async *list() {
      yield { items: history, resourceVersion: '1' };
    },
  } as Partial<KubernetesClient> as KubernetesClient;
  return planRollback({
    client,
    cluster: 'prod-eu',
    owned: {
      metadata: {
        name: 'istiod',
        namespace: 'istio-system',
        annotations: { 'meta.helm.sh/release-name': 'istiod' },
      },
    },
    namespace: 'istio-system',
    targetVersion,
    installs: { deployment: 'istiod' },
    settings: {
      image: 'helm:4',
      namespace: 'mesh-upgrade',
      chartRepository: 'oci://charts',
    } as Parameters<typeof planRollback>[0]['settings'],
    signal: AbortSignal.timeout(1000),
  });
}

describe('planRollback', () => {
  it('goes back to what stood before an upgrade that failed, never to what failed', async () => {
    const { steps, changes } = await plan('1.30.2', [
      revision(3, '1.30.2', 'superseded'),
      revision(4, '1.30.2', 'failed'),
      revision(5, '1.30.3', 'failed'),
    ]);
    expect(steps).toMatchObject([
      { title: 'istiod', parameters: { rollbackTo: 3, version: '1.30.2' } },
    ]);
    expect(changes).toMatchObject([
      {
        before: 'revision 5: chart istiod 1.30.3',
        after: 'revision 3 again: chart istiod 1.30.2',
        yaml: { after: expect.stringContaining('traceSampling: 3') },
      },
    ]);
  });

  it('says what helm remembers where the version is not among it', async () => {
    await expect(
      plan('1.29.4', [
        revision(4, '1.30.2', 'superseded'),
        revision(5, '1.30.3', 'deployed'),
      ]),
    ).rejects.toThrow(
      'helm remembers no revision with chart version 1.29.4 (it remembers 5: 1.30.3, 4: 1.30.2); look at helm history istiod -n istio-system',
    );
  });
});
