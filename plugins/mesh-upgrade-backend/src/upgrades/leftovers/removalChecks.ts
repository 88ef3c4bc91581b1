import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { describeRight } from '../../checks/mesh/describeRight';
import type { MeshCheck } from '../../checks/types';
import { LEFTOVER_RESOURCES, type LeftoverKind } from './kinds';

/** What removing the leftovers with these ids takes, asked of each cluster. */
export function removalChecks(ids: string[]): MeshCheck[] {
  const kinds = new Map<string, Set<LeftoverKind>>();
  for (const id of ids) {
    const [cluster, kind] = id.split('/');
    if (kind in LEFTOVER_RESOURCES) {
      kinds.set(
        cluster,
        (kinds.get(cluster) ?? new Set()).add(kind as LeftoverKind),
      );
    }
  }
  return [
    {
      id: 'removal-rights',
      title: 'Rights to remove what is left over',
      worst: 'blocker',
      scope: 'cluster',
      applies: ({ cluster }) => kinds.has(cluster.cluster),
      async run({ cluster: { cluster, mode }, client, signal }) {
        const object = `rights to remove leftovers on ${cluster}`;
        const questions = [...kinds.get(cluster)!].map(kind => {
          const { group, resource } = LEFTOVER_RESOURCES[kind];
          return { verb: 'delete', group, resource };
        });
        const expected = ['mode full', ...questions.map(describeRight)].join(
          ', ',
        );
        const answers = await Promise.all(
          questions.map(async question => ({
            question,
            ...(await client.accessReview(question, { signal })),
          })),
        );
        const denied = answers.filter(({ allowed }) => !allowed);
        const problems = [
          ...(mode === 'full' ? [] : [`mode ${mode}`]),
          ...denied.map(
            ({ question, reason }) =>
              `not allowed to ${describeRight(question)}${
                reason ? ` (${reason})` : ''
              }`,
          ),
        ];
        return [
          problems.length === 0
            ? passed({
                title: `Leftovers on ${cluster} may be removed from here`,
                object,
                observed: `All ${questions.length} rights are granted`,
                expected,
              })
            : blocker({
                title: `Leftovers on ${cluster} may not be removed from here`,
                object,
                observed: problems.join(', '),
                expected,
                remedy:
                  "Set 'mode: full' for the cluster and grant these rights to the account of this backend, e.g. by deploy/full.yaml, then Recheck.",
              }),
        ];
      },
    },
  ];
}
