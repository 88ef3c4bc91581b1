import assert from 'node:assert/strict';
import { PODS, pod, type Pod } from '../objects';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

const PROXY = 'istio-proxy';

function proxyOf({ spec }: Pod) {
  return [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === PROXY,
  );
}

export const admissionCases: ConformanceCase[] = [
  {
    name: 'a dry run of a pod in an injected namespace shows the sidecar it would get and stores nothing',
    async run(client, { injected, proxyImage, revision }) {
      const target = { ...PODS, namespace: injected };
      const shown = await client.create<Pod>(target, pod('probe'), {
        dryRun: true,
      });
      assert.equal(proxyOf(shown)?.image, proxyImage);
      const { annotations } = shown.metadata;
      assert.equal(annotations?.['istio.io/rev'], revision);
      const status = JSON.parse(
        annotations?.['sidecar.istio.io/status'] ?? '{}',
      );
      assert.equal(status.revision, revision);
      assert.ok(
        [
          ...(status.containers ?? []),
          ...(status.initContainers ?? []),
        ].includes(PROXY),
        'the status annotation does not name the sidecar',
      );
      await refused(client.get({ ...target, name: 'probe' }), {
        status: 404,
        reason: 'NotFound',
      });
    },
  },
  {
    name: 'a pod that asks for no sidecar gets none in an injected namespace',
    async run(client, { injected }) {
      const excluded = pod('excluded');
      const shown = await client.create<Pod>(
        { ...PODS, namespace: injected },
        {
          ...excluded,
          metadata: {
            ...excluded.metadata,
            labels: { 'sidecar.istio.io/inject': 'false' },
          },
        },
        { dryRun: true },
      );
      assert.equal(proxyOf(shown), undefined);
    },
  },
  {
    name: 'a pod in a plain namespace gets no sidecar',
    async run(client, { plain }) {
      const shown = await client.create<Pod>(
        { ...PODS, namespace: plain },
        pod('probe'),
        { dryRun: true },
      );
      assert.equal(proxyOf(shown), undefined);
      assert.equal(
        shown.metadata.annotations?.['sidecar.istio.io/status'],
        undefined,
      );
    },
  },
];
