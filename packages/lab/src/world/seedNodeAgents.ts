import { encodeRelease } from '../controlPlane/helmRelease';
import { ISTIO_NAMESPACE } from '../controlPlane/names';
import {
  nodeAgentDaemonSet,
  type NodeAgent,
  type NodeAgentKind,
} from '../controlPlane/nodeAgents';
import { newRelease } from '../controlPlane/releases';
import { ISTIO_CNIS, SECRETS, ZTUNNELS } from '../kubernetes/resources';
import {
  nodeAgentStatus,
  sailNodeAgent,
} from '../operators/sail/nodeAgentControllers';
import type { ClusterBlueprint } from './blueprint';
import type { Seeder } from './Seeder';
import { seedDaemonSetObject } from './seedWorkload';

/** The namespaces that the agents of a cluster need. */
export function agentNamespaces({ mesh, agents }: ClusterBlueprint): string[] {
  return mesh.install === 'sail'
    ? [
        ...(agents?.cni ? ['istio-cni'] : []),
        ...(agents?.ztunnel ? ['ztunnel'] : []),
      ]
    : [];
}

/** Installs what runs on the nodes in the way the control plane was installed. */
export function seedNodeAgents(
  seeder: Seeder,
  { mesh, agents = {} }: ClusterBlueprint,
  registry: string,
) {
  const hub = `${registry}/${mesh.hub}`;
  for (const [kind, version] of Object.entries(agents) as Array<
    [NodeAgentKind, string]
  >) {
    if (mesh.install === 'sail') {
      seedSailAgent(seeder, kind, { hub, version });
    } else {
      const installed = { kind, version, hub, namespace: ISTIO_NAMESPACE };
      if (mesh.install === 'helm') {
        seedHelmAgent(seeder, { ...installed, release: `istio-${kind}` });
      } else {
        seedDaemonSetObject(
          seeder,
          nodeAgentDaemonSet({
            ...installed,
            release: 'istio',
            installer: 'istioctl',
          }),
        );
      }
    }
  }
}

function seedSailAgent(
  seeder: Seeder,
  kind: NodeAgentKind,
  { hub, version }: { hub: string; version: string },
) {
  const resource = kind === 'cni' ? ISTIO_CNIS : ZTUNNELS;
  const object = seeder.put(resource, {
    apiVersion: 'sailoperator.io/v1',
    kind: resource.kind,
    metadata: { name: 'default' },
    spec: {
      version: `v${version}`,
      namespace: kind === 'cni' ? 'istio-cni' : 'ztunnel',
      values: { global: { hub } },
    },
  });
  const agent = sailNodeAgent(kind, resource, object);
  seedRelease(seeder, agent);
  const set = seedDaemonSetObject(seeder, nodeAgentDaemonSet(agent));
  seeder.settle(resource, object, each => ({
    ...each,
    status: nodeAgentStatus(each, { now: seeder.now, set }),
  }));
}

function seedHelmAgent(seeder: Seeder, agent: NodeAgent) {
  seedRelease(seeder, agent);
  seedDaemonSetObject(seeder, nodeAgentDaemonSet(agent));
}

function seedRelease(
  seeder: Seeder,
  { release, namespace, kind, version }: NodeAgent,
) {
  seeder.put(
    SECRETS,
    encodeRelease(
      newRelease({
        name: release,
        namespace,
        chart: kind,
        version,
        config: {},
        revision: 1,
        now: seeder.now,
      }),
    ),
  );
}
