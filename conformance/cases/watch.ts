import assert from 'node:assert/strict';
import type {
  ClusterClient,
  ProtobufDecoder,
  WatchEvent,
} from '../../plugins/mesh-upgrade-backend/src/clusters';
import { podFromProtobuf } from '../../plugins/mesh-upgrade-backend/src/inventory/facts/podFromProtobuf';
import {
  projectPod,
  type RawPod,
} from '../../plugins/mesh-upgrade-backend/src/inventory/facts/projectPod';
import { runDeployment } from '../Fixtures';
import { CONFIG_MAPS, PODS, configMap, type ConfigMap } from '../objects';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

async function currentVersion(
  client: ClusterClient,
  namespace: string,
): Promise<string> {
  let version = '';
  for await (const page of client.list(CONFIG_MAPS, { namespace })) {
    version = page.resourceVersion;
  }
  return version;
}

function summary(event: WatchEvent<ConfigMap>) {
  return event.type === 'BOOKMARK'
    ? [event.type]
    : [event.type, event.object.metadata.name, event.object.data?.key];
}

export const watchCases: ConformanceCase[] = [
  {
    name: 'a watch from the version of a list tells every later change, none before',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      await client.create(target, configMap('before', {}, { set: 'watched' }));
      const resourceVersion = await currentVersion(client, plain);
      const ref = { ...target, name: 'watched' };
      await client.create(
        target,
        configMap('watched', { key: '1' }, { set: 'watched' }),
      );
      await client.patch(ref, 'merge', { data: { key: '2' } });

      const seen = [];
      for await (const event of client.watch<ConfigMap>(CONFIG_MAPS, {
        namespace: plain,
        labelSelector: 'set=watched',
        resourceVersion,
      })) {
        seen.push(summary(event));
        if (event.type === 'MODIFIED') {
          // This one happens while the watch stands, the others before.
          await client.delete(ref);
        }
        if (event.type === 'DELETED') {
          break;
        }
      }
      assert.deepEqual(
        seen.filter(([type]) => type !== 'BOOKMARK'),
        [
          ['ADDED', 'watched', '1'],
          ['MODIFIED', 'watched', '2'],
          ['DELETED', 'watched', '2'],
        ],
      );
    },
  },
  {
    name: 'an object that leaves the selection is told as deleted',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      await client.create(target, configMap('leaving', {}, { set: 'leaving' }));
      const resourceVersion = await currentVersion(client, plain);
      await client.patch({ ...target, name: 'leaving' }, 'merge', {
        metadata: { labels: { set: 'left' } },
      });
      for await (const event of client.watch<ConfigMap>(CONFIG_MAPS, {
        namespace: plain,
        labelSelector: 'set=leaving',
        resourceVersion,
      })) {
        if (event.type !== 'BOOKMARK') {
          assert.equal(event.type, 'DELETED');
          assert.equal(event.object.metadata.name, 'leaving');
          break;
        }
      }
    },
  },
  {
    name: 'a watch without events gives a bookmark past the changes of others and ends when asked to',
    async run(client, { plain, platform }) {
      const resourceVersion = await currentVersion(client, plain);
      // A server gives no bookmark while it knows nothing newer.
      const other = await client.create(
        { ...CONFIG_MAPS, namespace: plain },
        configMap('outside', {}, { set: 'outside' }),
      );
      const brief = platform.connect('admin', {
        watchTimes: { timeoutSeconds: 5, silenceMs: 20_000 },
      });
      try {
        const started = Date.now();
        const bookmarks = [];
        for await (const event of brief.watch(CONFIG_MAPS, {
          namespace: plain,
          labelSelector: 'set=quiet',
          resourceVersion,
        })) {
          assert.equal(event.type, 'BOOKMARK');
          bookmarks.push(event);
        }
        assert.ok(Date.now() - started < 15_000, 'the server did not end it');
        const last = bookmarks.at(-1);
        assert.ok(last?.type === 'BOOKMARK', 'there was no bookmark');
        assert.ok(
          Number(last.resourceVersion) >=
            Number(other.metadata.resourceVersion),
        );
      } finally {
        await brief.close();
      }
    },
  },
  {
    name: 'a watch from a version that is too old is told to list again',
    async run(client, { platform }) {
      const watch = client.watch(platform.youngResource, {
        resourceVersion: '1',
      });
      await refused(watch.next(), {
        status: 410,
        reason: 'Expired',
        words: ['too old resource version: 1 ('],
      });
    },
  },
  {
    name: 'a watch tells of pods in protobuf what it tells in JSON, or tells them in JSON all the same',
    async run(client, { injected }) {
      await runDeployment(client, injected, 'encoded', 2);
      const factsIn = async (decode?: ProtobufDecoder<RawPod>) => {
        const facts = [];
        for await (const event of client.watch<RawPod>(PODS, {
          namespace: injected,
          labelSelector: 'app=encoded',
          initialEvents: true,
          decode,
        })) {
          if (event.type === 'BOOKMARK') {
            break;
          }
          facts.push(projectPod(event.object));
        }
        return facts;
      };
      const facts = await factsIn(podFromProtobuf);
      assert.equal(facts.length, 2);
      assert.deepEqual(facts, await factsIn());
    },
  },
];
