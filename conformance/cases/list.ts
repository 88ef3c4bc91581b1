import assert from 'node:assert/strict';
import type { ClusterClient } from '../../plugins/mesh-upgrade-backend/src/clusters';
import { CONFIG_MAPS, configMap, type ConfigMap } from '../objects';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

async function createConfigMaps(
  client: ClusterClient,
  namespace: string,
  set: string,
) {
  for (const name of NAMES) {
    await client.create(
      { ...CONFIG_MAPS, namespace },
      configMap(`${set}-${name}`, { key: name }, { set }),
    );
  }
}

export const listCases: ConformanceCase[] = [
  {
    name: 'a list in pages of two is the list, at one version',
    async run(client, { plain }) {
      await createConfigMaps(client, plain, 'paged');
      const pages = [];
      for await (const page of client.list<ConfigMap>(CONFIG_MAPS, {
        namespace: plain,
        labelSelector: 'set=paged',
        limit: 2,
      })) {
        pages.push(page);
      }
      assert.deepEqual(
        pages.map(({ items }) => items.length),
        [2, 2, 1],
      );
      assert.equal(new Set(pages.map(page => page.resourceVersion)).size, 1);
      assert.match(pages[0].resourceVersion, /^\d+$/);
      assert.deepEqual(
        pages.flatMap(({ items }) => items.map(({ data }) => data?.key)).sort(),
        NAMES,
      );
    },
  },
  {
    name: 'a field selector finds the one object',
    async run(client, { plain }) {
      await createConfigMaps(client, plain, 'selected');
      const names = [];
      for await (const { items } of client.list(CONFIG_MAPS, {
        namespace: plain,
        fieldSelector: 'metadata.name=selected-c',
      })) {
        names.push(...items.map(({ metadata }) => metadata.name));
      }
      assert.deepEqual(names, ['selected-c']);
    },
  },
  {
    name: 'an empty list is an empty page with a version',
    async run(client, { plain }) {
      const pages = [];
      for await (const page of client.list(CONFIG_MAPS, {
        namespace: plain,
        labelSelector: 'set=nothing',
      })) {
        pages.push(page);
      }
      assert.equal(pages.length, 1);
      assert.deepEqual(pages[0].items, []);
      assert.match(pages[0].resourceVersion, /^\d+$/);
    },
  },
  {
    name: 'a continue token that is none is refused',
    async run(client, { plain }) {
      const list = client.list(CONFIG_MAPS, {
        namespace: plain,
        limit: 2,
        continueToken: 'garbage',
      });
      await refused(list.next(), {
        status: 400,
        reason: 'BadRequest',
        words: ['continue key is not valid'],
      });
    },
  },
  {
    name: 'a continue token that is too old is refused as expired',
    async run(client, { platform }) {
      const list = client.list(platform.youngResource, {
        limit: 2,
        continueToken: await platform.expiredContinueToken(),
      });
      await refused(list.next(), {
        status: 410,
        reason: 'Expired',
        words: ['The provided continue parameter is too old'],
      });
    },
  },
];
