import {
  blocker,
  passed,
  type AccessQuestion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { describeRight } from '../../checks/mesh/describeRight';
import type { MeshCheck } from '../../checks/types';
import { LEFTOVER_RESOURCES, type LeftoverKind } from './kinds';

/** What removing the leftovers with these ids takes, asked of each cluster. */
export function removalChecks(ids: string[]): MeshCheck[] {
  const questions = new Map<string, AccessQuestion[]>();
  for (const id of new Set(ids.map(placeOf))) {
    const [cluster, kind, namespace] = id.split('/');
    if (kind in LEFTOVER_RESOURCES) {
      const { group, resource } = LEFTOVER_RESOURCES[kind as LeftoverKind];
      questions.set(cluster, [
        ...(questions.get(cluster) ?? []),
        { verb: 'delete', group, resource, ...(namespace && { namespace }) },
      ]);
    }
  }
  return [
    {
      id: 'removal-rights',
      title: 'Rights to remove what is left over',
      worst: 'blocker',
      scope: 'cluster',
      applies: ({ cluster }) => questions.has(cluster.cluster),
      async run({ cluster: { cluster, mode }, client, signal }) {
        const object = `rights to remove leftovers on ${cluster}`;
        const asked = questions.get(cluster)!;
        const expected = ['mode full', ...asked.map(describeRight)].join(', ');
        const answers = await Promise.all(
          asked.map(async question => ({
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
                observed: `${asked.length} of ${asked.length} rights are granted`,
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

/** An id without the name of its object. */
function placeOf(id: string): string {
  return id.split('/').slice(0, 3).join('/');
}
