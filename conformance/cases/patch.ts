import assert from 'node:assert/strict';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  configMap,
  deployment,
  type ConfigMap,
  type Deployment,
} from '../objects';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const WHEN = '2026-01-01T00:00:00Z';

const templatePatch = (annotations: Record<string, string | null>) => ({
  spec: { template: { metadata: { annotations } } },
});

export const patchCases: ConformanceCase[] = [
  {
    name: 'a merge patch sets and removes an annotation of the template and leaves the rest',
    async run(client, { plain }) {
      const target = { ...DEPLOYMENTS, namespace: plain };
      const ref = { ...target, name: 'merged' };
      const before = await client.create<Deployment>(
        target,
        deployment('merged', 0),
      );
      const set = await client.patch<Deployment>(
        ref,
        'merge',
        templatePatch({ [RESTARTED_AT]: WHEN, other: 'x' }),
      );
      assert.equal(set.metadata.generation, before.metadata.generation! + 1);
      assert.deepEqual(set.spec.template.metadata?.annotations, {
        [RESTARTED_AT]: WHEN,
        other: 'x',
      });
      assert.deepEqual(set.spec.template.spec, before.spec.template.spec);
      const removed = await client.patch<Deployment>(
        ref,
        'merge',
        templatePatch({ other: null }),
      );
      assert.deepEqual(removed.spec.template.metadata?.annotations, {
        [RESTARTED_AT]: WHEN,
      });
    },
  },
  {
    name: 'a strategic patch merges containers by name',
    async run(client, { plain }) {
      const target = { ...DEPLOYMENTS, namespace: plain };
      await client.create(target, deployment('strategic', 0));
      const image = 'registry.example.com/other:2';
      const patched = await client.patch<Deployment>(
        { ...target, name: 'strategic' },
        'strategic',
        {
          spec: {
            template: {
              metadata: { annotations: { [RESTARTED_AT]: WHEN } },
              spec: { containers: [{ name: 'second', image }] },
            },
          },
        },
      );
      assert.deepEqual(patched.spec.template.metadata?.annotations, {
        [RESTARTED_AT]: WHEN,
      });
      assert.deepEqual(
        patched.spec.template.spec.containers
          .map(({ name }) => name)
          .sort((a, b) => a.localeCompare(b)),
        ['app', 'second'],
      );
    },
  },
  {
    name: 'the same patch again changes neither version nor generation',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      const ref = { ...target, name: 'same' };
      await client.create(target, configMap('same'));
      const first = await client.patch(ref, 'merge', { data: { key: '1' } });
      const second = await client.patch(ref, 'merge', { data: { key: '1' } });
      assert.equal(
        second.metadata.resourceVersion,
        first.metadata.resourceVersion,
      );
    },
  },
  {
    name: 'a JSON patch is applied when its test holds and refused when not',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      const ref = { ...target, name: 'json' };
      await client.create(target, configMap('json', { key: '1' }));
      const patch = [
        { op: 'test', path: '/data/key', value: '1' },
        { op: 'replace', path: '/data/key', value: '2' },
      ];
      const patched = await client.patch<ConfigMap>(ref, 'json', patch);
      assert.deepEqual(patched.data, { key: '2' });
      await refused(client.patch(ref, 'json', patch), {
        status: 422,
        reason: 'Invalid',
      });
      const stored = await client.get<ConfigMap>(ref);
      assert.deepEqual(stored.data, { key: '2' });
    },
  },
  {
    name: 'a server-side apply creates the object and then changes it',
    async run(client, { plain }) {
      const ref = { ...CONFIG_MAPS, namespace: plain, name: 'applied' };
      const created = await client.patch<ConfigMap>(
        ref,
        'apply',
        configMap('applied', { key: '1' }),
      );
      assert.deepEqual(created.data, { key: '1' });
      const changed = await client.patch<ConfigMap>(
        ref,
        'apply',
        configMap('applied', { key: '2' }),
      );
      assert.deepEqual(changed.data, { key: '2' });
      assert.equal(changed.metadata.uid, created.metadata.uid);
    },
  },
  {
    name: 'a patch with a former version is a conflict',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      const ref = { ...target, name: 'conflict' };
      const before = await client.create(target, configMap('conflict'));
      await client.patch(ref, 'merge', { data: { key: '1' } });
      const { resourceVersion } = before.metadata;
      await refused(
        client.patch(ref, 'merge', {
          metadata: { resourceVersion },
          data: { key: '2' },
        }),
        {
          status: 409,
          reason: 'Conflict',
          words: [
            'Operation cannot be fulfilled on configmaps "conflict"',
            'the object has been modified',
          ],
        },
      );
    },
  },
  {
    name: 'a patch for an object that was replaced meanwhile is refused as invalid, not as a conflict',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      const ref = { ...target, name: 'replaced' };
      await client.create(target, configMap('replaced'));
      const uid = '00000000-0000-0000-0000-000000000000';
      await refused(client.patch(ref, 'merge', { metadata: { uid } }), {
        status: 422,
        reason: 'Invalid',
        words: [
          'ConfigMap "replaced" is invalid',
          `metadata.uid: Invalid value: "${uid}": field is immutable`,
        ],
      });
    },
  },
  {
    name: 'a dry run of a patch shows the result and stores nothing',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      const ref = { ...target, name: 'dry' };
      const before = await client.create(target, configMap('dry'));
      const shown = await client.patch<ConfigMap>(
        ref,
        'merge',
        { data: { key: '1' } },
        { dryRun: true },
      );
      assert.deepEqual(shown.data, { key: '1' });
      const stored = await client.get<ConfigMap>(ref);
      assert.equal(
        stored.metadata.resourceVersion,
        before.metadata.resourceVersion,
      );
      assert.equal(stored.data?.key, undefined);
    },
  },
];
