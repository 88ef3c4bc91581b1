import { InputError } from '@backstage/errors';
import {
  SAIL_ISTIO_ACTION,
  type SailIstioParameters,
} from '../actuators/sailIstio';
import { ISTIO_REVISION_TAGS, ISTIO_REVISIONS } from '../../kubernetes/sail';
import {
  ISTIO_CNIS,
  ISTIOS,
  NAMESPACES,
  ZTUNNELS,
  type Istio,
} from '../../kubernetes/types';
import { right } from './right';
import { findIstio } from './sailIstio';
import { planSailReturn } from './sailReturn';
import { planNewRevision } from './sailRevision';
import type {
  ControlPlaneDriver,
  DriverInput,
  DriverPlan,
  NodeAgentInput,
} from './types';
import {
  describeSpecVersion,
  effectOnAlias,
  previewSpecVersion,
  refuseUnlessOurs,
} from './sailVersion';

/** Control planes that the Sail operator keeps: its `Istio` object is changed, nothing else. */
export const sailDriver: ControlPlaneDriver = {
  method: 'sail',
  rights: () => [
    right('list', ISTIOS, 'to find the object behind istiod'),
    right('get', ISTIOS, 'to follow the operator'),
    right('patch', ISTIOS, 'to change the version'),
    right('patch', ISTIO_CNIS, 'to change the version of the CNI'),
    right('patch', ZTUNNELS, 'to change the version of ztunnel'),
    right('get', ISTIO_REVISIONS, 'to follow a new revision'),
    right('list', ISTIO_REVISION_TAGS, 'to see revision tags follow'),
    right('list', NAMESPACES, 'to tell which of them name a revision'),
  ],
  async plan(input) {
    const found = await findIstio(input);
    if (found.kind === 'left') {
      return found.plan;
    }
    const { istio } = found;
    refuseUnlessOurs(istio, {
      cluster: input.controlPlane.cluster,
      kind: 'Istio',
      targetVersion: input.targetVersion,
    });
    const strategy = istio.spec.updateStrategy?.type ?? 'InPlace';
    return strategy === 'RevisionBased'
      ? planNewRevision(input, istio)
      : planInPlace(input, istio);
  },
  planReturn: planSailReturn,
  planNodeAgent,
};

async function planInPlace(
  { client, controlPlane, targetVersion, signal }: DriverInput,
  istio: Istio,
): Promise<DriverPlan> {
  const { cluster, namespace, name: deployment } = controlPlane;
  const { name } = istio.metadata;
  const parameters: SailIstioParameters = {
    istio: name,
    namespace,
    deployment,
    version: targetVersion,
  };
  return {
    changes: [
      {
        cluster,
        object: `Istio ${name}`,
        before: describeSpecVersion(istio),
        after: `spec.version v${targetVersion}`,
        effect: `The Sail operator rolls Deployment ${namespace}/${deployment} to ${targetVersion}; no workload restarts${effectOnAlias(
          istio,
        )}`,
        yaml: await previewSpecVersion(
          client,
          { resource: ISTIOS, object: istio, version: `v${targetVersion}` },
          signal,
        ),
      },
    ],
    steps: [
      {
        phase: 'upgrade',
        title: deployment,
        cluster,
        action: SAIL_ISTIO_ACTION,
        parameters,
      },
    ],
  };
}

/** CNI and ztunnel have objects of their own, which own the DaemonSets. */
async function planNodeAgent({
  client,
  agent,
  daemonSet,
  targetVersion,
  signal,
}: NodeAgentInput): Promise<DriverPlan> {
  const { cluster, namespace, name: daemonSetName } = agent;
  const kind = agent.kind === 'cni' ? 'IstioCNI' : 'ZTunnel';
  const owner = daemonSet.metadata.ownerReferences?.find(
    one => one.kind === kind,
  );
  if (!owner) {
    throw new InputError(
      `Cluster '${cluster}', DaemonSet ${namespace}/${daemonSetName} belongs to the Sail operator, but names no ${kind} as its owner; look at kubectl get ${kind.toLowerCase()}`,
    );
  }
  const resource = kind === 'IstioCNI' ? ISTIO_CNIS : ZTUNNELS;
  const object = await client.get<Istio>(
    { ...resource, name: owner.name },
    { signal },
  );
  refuseUnlessOurs(object, { cluster, kind, targetVersion });
  const parameters: SailIstioParameters = {
    istio: owner.name,
    kind,
    namespace,
    deployment: daemonSetName,
    version: targetVersion,
  };
  return {
    changes: [
      {
        cluster,
        object: `${kind} ${owner.name}`,
        before: describeSpecVersion(object),
        after: `spec.version v${targetVersion}`,
        effect: `The Sail operator rolls DaemonSet ${namespace}/${daemonSetName} to ${targetVersion}, node by node${effectOnAlias(
          object,
        )}`,
        yaml: await previewSpecVersion(
          client,
          { resource, object, version: `v${targetVersion}` },
          signal,
        ),
      },
    ],
    steps: [
      {
        phase: 'upgrade',
        title: daemonSetName,
        cluster,
        action: SAIL_ISTIO_ACTION,
        parameters,
      },
    ],
  };
}
