import type { MeshComponentView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  consent,
  info,
  passed,
  undecided,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { versionOfImage } from '../../inventory/rules/image';
import { minorNumber } from '../configuration/hop';
import { DAEMON_SETS } from '../configuration/resources';
import type { PerClusterCheck } from '../types';

export type Agent = KubernetesObject & {
  spec: {
    template: { spec?: { containers?: { name: string; image?: string }[] } };
  };
  status?: { desiredNumberScheduled?: number; numberReady?: number };
};

/** By their kind, which is the name of their chart as well. */
const NAMES = { cni: 'Istio CNI', ztunnel: 'ztunnel' };

/** Istio supports agents on the nodes that are as old as istiod or one minor older, and none that are newer. */
const MOST_BEHIND = 1;

/** Whether the agents on the nodes get along with the new control plane. */
export function cniZtunnelSkew(): PerClusterCheck {
  return {
    id: 'cni-ztunnel-skew',
    title: 'Versions of Istio CNI and ztunnel',
    worst: 'blocker',
    scope: 'cluster',
    applies: ({ mesh, cluster }) =>
      agentsOf(mesh.components, cluster.cluster).length > 0,
    async run({ mesh, cluster, targetVersion, returning, client, once }) {
      const agents = agentsOf(mesh.components, cluster.cluster);
      const findings = await Promise.all(
        agents.map(async ({ kind, namespace, name }) =>
          judgeAgent({
            kind,
            targetVersion,
            returning,
            agent: await once(
              `daemonset ${client.cluster}/${namespace}/${name}`,
              signal =>
                client.get<Agent>(
                  { ...DAEMON_SETS, namespace, name },
                  { signal },
                ),
            ),
          }),
        ),
      );
      return findings.flat();
    },
  };
}

type AgentKind = keyof typeof NAMES;

function agentsOf(components: MeshComponentView[], cluster: string) {
  return components.filter(
    (each): each is MeshComponentView & { kind: AgentKind } =>
      each.cluster === cluster && Object.hasOwn(NAMES, each.kind),
  );
}

/** Judges one DaemonSet. */
export function judgeAgent(world: {
  kind: AgentKind;
  agent: Agent;
  targetVersion: string;
  /** A return takes the agents back before istiod, where it can. */
  returning?: boolean;
}): Finding[] {
  const { kind, agent } = world;
  const { namespace, name } = agent.metadata;
  const object = `DaemonSet ${namespace}/${name}`;
  const title = `${NAMES[kind]} (${object})`;
  return [...skew(title, object, world), ...readiness(title, object, agent)];
}

function skew(
  title: string,
  object: string,
  { kind, agent, targetVersion, returning }: Parameters<typeof judgeAgent>[0],
): Finding[] {
  const image = imageOf(kind, agent);
  const version = versionOfImage(image);
  const minor = minorNumber(version);
  const target = minorNumber(targetVersion);
  const says = {
    object,
    observed: version ?? `image ${image ?? 'unknown'}`,
    expected: `A version of the minor of ${targetVersion}, or one minor older`,
  };
  if (minor === undefined || target === undefined) {
    return [
      undecided({
        ...says,
        title: `${title} runs an image that tells no version`,
        remedy:
          'Give its image a tag that is a version, or see for yourself that it fits the target, then Recheck.',
        // Its image is somebody's decision, not a failure to look.
        blocks: false,
      }),
    ];
  }
  const behind = target - minor;
  if (behind < 0) {
    return [
      (returning ? consent : blocker)({
        ...says,
        title: `${title} is newer than ${targetVersion}; Istio does not support that`,
        remedy: `Choose Istio ${version} or newer as the target, or take it back to ${targetVersion} first.`,
      }),
    ];
  }
  if (behind > MOST_BEHIND) {
    return [
      blocker({
        ...says,
        title: `${title} would be ${behind} minors behind the control plane; Istio supports one`,
        remedy: `Upgrade it first, by what installed it (chart ${kind}), then Recheck.`,
      }),
    ];
  }
  return behind === 0
    ? [passed({ ...says, title: `${title} fits ${targetVersion}` })]
    : [
        info({
          ...says,
          title: `${title} will be one minor behind the control plane, which Istio supports`,
          remedy: `Upgrade it after the control plane, by what installed it (chart ${kind}).`,
        }),
      ];
}

function readiness(title: string, object: string, { status }: Agent) {
  const wanted = status?.desiredNumberScheduled ?? 0;
  const ready = status?.numberReady ?? 0;
  return ready >= wanted
    ? []
    : [
        warning({
          title: `${title} is not ready on every node: pods that start there wait for it`,
          object,
          observed: `ready on ${ready} of ${wanted} nodes`,
          expected: 'Ready on every node',
          remedy: `Find the cause with kubectl describe ${object.replace(
            /^DaemonSet (.*)\/(.*)$/,
            'daemonset -n $1 $2',
          )} and its pods.`,
        }),
      ];
}

function imageOf(kind: AgentKind, { spec }: Agent): string | undefined {
  const containers = spec.template.spec?.containers ?? [];
  return (
    containers.find(({ name }) => kind === 'cni' && name === 'install-cni') ??
    containers[0]
  )?.image;
}
