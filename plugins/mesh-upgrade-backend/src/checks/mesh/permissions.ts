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
import { describeRight } from './describeRight';
import { checkJobAccount, type JobAccount } from './jobAccount';
import type { ClusterCheckContext, PerClusterCheck } from '../types';

/** Something the upgrade of a control plane will ask of the API server. */
export interface RequiredRight {
  question: AccessQuestion;
  /** What it is needed for, e.g. `to change the version`. */
  why: string;
}

/** What upgrading a control plane takes. */
export interface RequiredRights {
  /** Of this backend. */
  own: RequiredRight[];
  /** The service account under which a Job does the work, where one does. */
  job?: JobAccount;
}

/** Tells what upgrading a control plane takes; undefined when it is not upgraded from here. */
export type RightsOf = (
  controlPlane: ControlPlaneView,
  options: { client: KubernetesClient; signal: AbortSignal },
) => Promise<RequiredRights | undefined>;

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
      const findings = await Promise.all(
        context.cluster.controlPlanes.map(each =>
          lookAt(each, context, options.rightsOf),
        ),
      );
      const isWritten = findings.some(found => found !== undefined);
      return [
        ...(isWritten ? judgeMode(cluster, mode) : [nothingToWrite(cluster)]),
        ...findings.flatMap(found => found ?? []),
      ];
    },
  };
}

async function lookAt(
  controlPlane: ControlPlaneView,
  { client, signal }: ClusterCheckContext,
  rightsOf: RightsOf,
): Promise<Finding[] | undefined> {
  const rights = await rightsOf(controlPlane, { client, signal });
  if (!rights) {
    return undefined;
  }
  const [own, job] = await Promise.all([
    Promise.all(
      rights.own.map(async right => ({
        ...right,
        ...(await client.accessReview(right.question, { signal })),
      })),
    ),
    rights.job ? checkJobAccount(rights.job, { client, signal }) : [],
  ]);
  return [...judgeRights(controlPlane, own), ...job];
}

function nothingToWrite(cluster: string): Finding {
  return passed({
    title: `No right is needed: the control planes on ${cluster} are not changed from here`,
    object: `control planes on ${cluster}`,
    observed: 'None is of an installer that this product drives',
    expected: 'Nothing is written',
  });
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
