import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readInventorySettings } from './settings';

function read(meshUpgrade: JsonObject) {
  const problems: string[] = [];
  const settings = readInventorySettings(
    new ConfigReader({ meshUpgrade }),
    problem => problems.push(problem),
  );
  return { meshes: settings.meshes, problems };
}

describe('readInventorySettings', () => {
  it('reads meshes, named by their id unless they have a name', () => {
    expect(read({})).toEqual({ meshes: [], problems: [] });
    expect(
      read({
        meshes: [
          { id: 'shop', name: 'Shop', clusters: ['prod-eu', 'prod-us'] },
          { id: 'edge' },
        ],
      }),
    ).toEqual({
      meshes: [
        { id: 'shop', name: 'Shop', clusters: ['prod-eu', 'prod-us'] },
        { id: 'edge', name: 'edge', clusters: [] },
      ],
      problems: [],
    });
  });

  it.each<[string, JsonObject]>([
    ['no list', { meshes: 'shop' }],
    ['an entry without an id', { meshes: [{ name: 'Shop' }] }],
    [
      'clusters that are no list',
      { meshes: [{ id: 'shop', clusters: { a: 1 } }] },
    ],
  ])('leaves out %s and says so', (_, meshUpgrade) => {
    const { meshes, problems } = read(meshUpgrade);
    expect(meshes).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/meshUpgrade\.meshes.* ignored: /),
    ]);
  });
});
