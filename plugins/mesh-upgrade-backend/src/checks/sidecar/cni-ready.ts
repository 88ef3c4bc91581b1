import type {
  V1DaemonSetSpec,
  V1DaemonSetStatus,
} from '@kubernetes/client-node';
import {
  parseIstioVersion,
  compareIstioVersions,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { versionOfImage } from '../../inventory/rules/image';
import type { SidecarCheck } from '../types';
import { DAEMON_SETS } from '../resources';
import { restartCheck } from './restartCheck';

type CniDaemonSet = KubernetesObject & {
  spec?: Partial<V1DaemonSetSpec>;
  status?: Partial<V1DaemonSetStatus>;
};

/** Where Istio's CNI agent sets up the network of pods, a node without it starts no pod of the mesh. */
export function cniReady(): SidecarCheck {
  return restartCheck({
    id: 'cni-ready',
    title: 'CNI agent',
    worst: 'blocker',
    async decide({ workload, list }) {
      const agents = await list<CniDaemonSet>(DAEMON_SETS, {
        labelSelector: 'k8s-app=istio-cni-node',
      });
      return agents.flatMap(agent => judge(agent, workload.desiredVersion));
    },
  });
}

function judge(agent: CniDaemonSet, wanted: string | undefined): Finding[] {
  const { metadata, spec, status } = agent;
  const { desiredNumberScheduled: desired = 0, numberReady: ready = 0 } =
    status ?? {};
  const containers = spec?.template?.spec?.containers ?? [];
  const version = versionOfImage(
    (containers.find(({ name }) => name === 'install-cni') ?? containers[0])
      ?.image,
  );
  const says = {
    object: `DaemonSet ${metadata.namespace}/${metadata.name}`,
    observed: `Ready on ${ready} of ${desired} nodes, version ${
      version ?? 'unknown'
    }`,
    expected: `Ready on every node, not newer than ${
      wanted ?? 'the control plane'
    } and at most one minor behind`,
  };
  const skew = skewOf(version, wanted);
  if (skew) {
    return [
      blocker({
        ...says,
        title: `The CNI agent ${version} is ${skew} of ${wanted}`,
        remedy:
          'Bring the CNI agent to the version of the control plane, then Recheck.',
      }),
    ];
  }
  if (desired > 0 && ready === 0) {
    return [
      blocker({
        ...says,
        title: 'The CNI agent is ready on no node: new pods would not start',
        remedy: 'Bring the CNI agent back, then Recheck.',
      }),
    ];
  }
  return ready < desired
    ? [
        warning({
          ...says,
          title: `The CNI agent is ready on ${ready} of ${desired} nodes only`,
          remedy:
            'Look at the nodes without it: pods that are placed there do not start.',
        }),
      ]
    : [passed({ ...says, title: 'The CNI agent is ready on every node' })];
}

function skewOf(
  version: string | undefined,
  wanted: string | undefined,
): string | undefined {
  const agent = parseIstioVersion(version ?? '');
  const target = parseIstioVersion(wanted ?? '');
  if (!agent || !target || agent.family !== target.family) {
    return undefined;
  }
  if (compareIstioVersions(agent, target) > 0) {
    return 'ahead';
  }
  return agent.major !== target.major || target.minor - agent.minor > 1
    ? 'too far behind'
    : undefined;
}
