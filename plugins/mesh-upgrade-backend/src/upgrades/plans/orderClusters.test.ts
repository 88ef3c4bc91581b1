import type { MeshClusterRole } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import fc from 'fast-check';
import { orderClusters, stageOf } from './orderClusters';

const clusters = (roles: Record<string, MeshClusterRole>) =>
  Object.entries(roles).map(([cluster, role]) => ({ cluster, role }));

describe('orderClusters', () => {
  it.each<[string, Record<string, MeshClusterRole>, string[], string[]]>([
    [
      'by name, numbers as numbers',
      { 'eu-10': 'primary', 'eu-9': 'primary', asia: 'primary' },
      [],
      ['asia', 'eu-9', 'eu-10'],
    ],
    [
      'a canary before all others',
      { asia: 'primary', eu: 'primary', us: 'primary' },
      ['us'],
      ['us', 'asia', 'eu'],
    ],
    [
      'what a primary serves after every primary, even as a canary',
      { edge: 'remote', asia: 'remote', eu: 'primary', us: 'external' },
      ['edge'],
      ['eu', 'edge', 'asia', 'us'],
    ],
    [
      'canaries of other meshes do not matter',
      { eu: 'primary', us: 'primary' },
      ['lab'],
      ['eu', 'us'],
    ],
  ])('%s', (_, roles, canaries, expected) => {
    expect(
      orderClusters(clusters(roles), canaries).map(each => each.cluster),
    ).toEqual(expected);
  });

  it('loses and doubles none, and never lets a stage fall behind the one before', () => {
    const role = fc.constantFrom<MeshClusterRole>(
      'primary',
      'remote',
      'external',
      'none',
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ cluster: fc.string(), role }), {
          selector: each => each.cluster,
        }),
        fc.array(fc.string()),
        (given, others) => {
          const canaries = [
            ...others,
            ...given.slice(0, 1).map(c => c.cluster),
          ];
          const ordered = orderClusters(given, canaries);
          expect(new Set(ordered)).toEqual(new Set(given));
          const stages = ordered.map(each => stageOf(each, canaries));
          expect(stages).toEqual([...stages].sort());
        },
      ),
    );
  });
});
