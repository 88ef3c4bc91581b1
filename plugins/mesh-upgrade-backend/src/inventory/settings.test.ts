import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readInventorySettings } from './settings';

function read(meshUpgrade: JsonObject) {
  const problems: string[] = [];
  const settings = readInventorySettings(
    new ConfigReader({ meshUpgrade }),
    problem => problems.push(problem),
  );
  return { ...settings, problems };
}

describe('readInventorySettings', () => {
  it('reads meshes, named by their id unless they have a name', () => {
    expect(read({})).toEqual({
      meshes: [],
      customWorkloads: [],
      problems: [],
    });
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
      customWorkloads: [],
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

  it('reads kinds that run pods, and leaves out what is no kind', () => {
    const kafka = {
      group: 'kafka.example.com',
      version: 'v1',
      resource: 'kafkas',
      kind: 'Kafka',
    };
    const { customWorkloads, problems } = read({
      customWorkloads: [
        { ...kafka, replicasPath: '{.spec.brokers}' },
        {
          ...kafka,
          kind: 'Broker',
          podTemplatePath: '$.spec.pod',
          readyReplicasPath: 'status.up',
        },
        kafka,
        { ...kafka, kind: 'Deployment' },
        { ...kafka, kind: 'a/b' },
        { ...kafka, kind: 'Other', podTemplatePath: 'spec.items[0]' },
        { kind: 'Alone' },
      ],
    });
    expect(customWorkloads).toEqual([
      {
        ...kafka,
        podTemplatePath: ['spec', 'template'],
        replicasPath: ['spec', 'brokers'],
        optional: true,
      },
      {
        ...kafka,
        kind: 'Broker',
        podTemplatePath: ['spec', 'pod'],
        readyReplicasPath: ['status', 'up'],
        optional: true,
      },
    ]);
    expect(problems).toEqual([
      expect.stringContaining('Kafka is read already'),
      expect.stringContaining('Deployment is read already'),
      expect.stringContaining("'a/b' is no name of a kind"),
      expect.stringContaining("podTemplatePath 'spec.items[0]' is no path"),
      expect.stringContaining('group'),
    ]);
  });
});
