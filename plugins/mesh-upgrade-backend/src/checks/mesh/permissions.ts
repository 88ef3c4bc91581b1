import type {
  ClusterMode,
  ControlPlaneView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  passed,
  type AccessQuestion,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesClient } from '../../clusters/types';
import { istiodName } from '../istiod';
import type { ClusterCheckContext, PerClusterCheck } from '../types';

/** Something the upgrade of a control plane will ask of the API server. */
export interface RequiredRight {
  question: AccessQuestion;
  /** What it is needed for, e.g. `to change the version`. */
  why: string;
}

/** Tells what upgrading a control plane takes; undefined when it is not upgraded from here. */
export type RightsOf = (
  controlPlane: ControlPlaneView,
  options: { client: KubernetesClient; signal: AbortSignal },
) => Promise<RequiredRight[] | undefined>;

interface Answer extends RequiredRight {
  allowed: boolean;
  reason?: string;
}

/** Whether this backend may do all that the upgrade will do, asked of the API server itself. */
export function permissions(options: { rightsOf: RightsOf }): PerClusterCheck {
  return {
    id: 'permissions',
    title: 'Permissions on the cluster',
    worst: 'blocker',
    scope: 'cluster',
    applies: ({ cluster }) => cluster.controlPlanes.length > 0,
    async run(context) {
      const { cluster, mode } = context.cluster;
      const answers = await Promise.all(
        context.cluster.controlPlanes.map(async controlPlane => ({
          controlPlane,
          answers: await ask(controlPlane, context, options.rightsOf),
        })),
      );
      return [
        ...judgeMode(cluster, mode),
        ...answers.flatMap(({ controlPlane, answers: each }) =>
          each ? judgeRights(controlPlane, each) : [],
        ),
      ];
    },
  };
}

async function ask(
  controlPlane: ControlPlaneView,
  { client, signal }: ClusterCheckContext,
  rightsOf: RightsOf,
): Promise<Answer[] | undefined> {
  const rights = await rightsOf(controlPlane, { client, signal });
  return (
    rights &&
    Promise.all(
      rights.map(async right => ({
        ...right,
        ...(await client.accessReview(right.question, { signal })),
      })),
    )
  );
}

function judgeMode(cluster: string, mode: ClusterMode): Finding[] {
  return mode === 'full'
    ? []
    : [
        blocker({
          title: `Control planes on ${cluster} may not be changed from here`,
          object: `configuration of cluster ${cluster}`,
          observed: `mode ${mode}`,
          expected: 'mode full',
          remedy:
            "Set 'mode: full' for the cluster under meshUpgrade.clusters or meshUpgrade.kubeconfig.",
        }),
      ];
}

/** Judges what the API server said to each right. */
export function judgeRights(
  controlPlane: ControlPlaneView,
  answers: Answer[],
): Finding[] {
  const object = `rights to upgrade ${istiodName(controlPlane)}`;
  const expected = answers
    .map(({ question }) => describeRight(question))
    .join(', ');
  const denied = answers.filter(({ allowed }) => !allowed);
  return [
    denied.length === 0
      ? passed({
          title: `This backend may upgrade ${istiodName(controlPlane)}`,
          object,
          observed: `All ${answers.length} rights are granted`,
          expected,
        })
      : blocker({
          title: `This backend lacks ${denied.length} of ${
            answers.length
          } rights to upgrade ${istiodName(controlPlane)}`,
          object,
          observed: denied
            .map(
              ({ question, why, reason }) =>
                `not allowed to ${describeRight(question)} (${[why, reason]
                  .filter(Boolean)
                  .join('; ')})`,
            )
            .join(', '),
          expected,
          remedy:
            'Grant these rights to the account of this backend, e.g. by deploy/full.yaml, then Recheck.',
        }),
  ];
}

/** e.g. `create pods/log in mesh-upgrade`. */
function describeRight(question: AccessQuestion): string {
  const { verb, group, resource, subresource, namespace, name } = question;
  return [
    verb,
    [resource, group].filter(Boolean).join('.') +
      (subresource ? `/${subresource}` : ''),
    name ? `'${name}'` : '',
    namespace ? `in ${namespace}` : 'in every namespace',
  ]
    .filter(Boolean)
    .join(' ');
}
