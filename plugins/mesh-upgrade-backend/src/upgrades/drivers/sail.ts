import { InputError } from '@backstage/errors';
import {
  SAIL_ISTIO_ACTION,
  type SailIstioParameters,
} from '../actuators/SailIstioActuator';
import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import { formatPin, pinnedTags } from '../../helm/pinnedTags';
import { istioBehind, istioRevisionOf } from '../../kubernetes/sail';
import { listAll } from '../../clusters/listAll';
import {
  ISTIO_CNIS,
  ISTIOS,
  ZTUNNELS,
  type Istio,
} from '../../kubernetes/types';
import { right } from './right';
import type {
  ControlPlaneDriver,
  DriverInput,
  DriverPlan,
  NodeAgentInput,
} from './types';

/** Control planes that the Sail operator keeps: its `Istio` object is changed, nothing else. */
export const sailDriver: ControlPlaneDriver = {
  method: 'sail',
  rights: () => [
    right('list', ISTIOS, 'to find the object behind istiod'),
    right('get', ISTIOS, 'to follow the operator'),
    right('patch', ISTIOS, 'to change the version'),
    right('patch', ISTIO_CNIS, 'to change the version of the CNI'),
    right('patch', ZTUNNELS, 'to change the version of ztunnel'),
  ],
  async plan(input) {
    const { controlPlane, targetVersion } = input;
    const { cluster, namespace, name: deployment } = controlPlane;
    const istio = await istioOf(input);
    const { name } = istio.metadata;
    refuseUnlessOurs(istio, { cluster, kind: 'Istio', targetVersion });
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
          before: `spec.version ${istio.spec.version}`,
          after: `spec.version v${targetVersion}`,
          effect: `The Sail operator rolls Deployment ${namespace}/${deployment} to ${targetVersion}; no workload restarts`,
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
  },
  planNodeAgent,
};

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
  const object = await client.get<Istio>(
    { ...(kind === 'IstioCNI' ? ISTIO_CNIS : ZTUNNELS), name: owner.name },
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
        before: `spec.version ${object.spec.version}`,
        after: `spec.version v${targetVersion}`,
        effect: `The Sail operator rolls DaemonSet ${namespace}/${daemonSetName} to ${targetVersion}, node by node`,
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

async function istioOf(input: DriverInput): Promise<Istio> {
  const { client, controlPlane, deployment, signal } = input;
  const istios = await listAll<Istio>(client, ISTIOS, { signal });
  const istio = istioBehind(deployment, {
    istios,
    revision: controlPlane.revision,
  });
  if (!istio) {
    throw new InputError(
      `Cluster '${
        controlPlane.cluster
      }': no Istio object is active for Deployment ${controlPlane.namespace}/${
        controlPlane.name
      }, whose IstioRevision is '${
        istioRevisionOf(deployment) ?? 'unknown'
      }'; look at kubectl get istios`,
    );
  }
  return istio;
}

function refuseUnlessOurs(
  istio: Istio,
  about: { cluster: string; kind: string; targetVersion: string },
) {
  const where = `Cluster '${about.cluster}', ${about.kind} ${istio.metadata.name}`;
  const change = `spec.version: v${about.targetVersion}`;
  const owner = keeperInGit(istio.metadata);
  if (owner) {
    throw new InputError(
      `${where} is kept in Git by ${nameOfOwner(
        owner,
      )}, which would undo a change made here; set ${change} in Git`,
    );
  }
  const [pin] = pinnedTags(istio.spec.values);
  if (pin) {
    throw new InputError(
      `${where} pins the image by spec.values (${formatPin(
        pin,
      )}), so that another spec.version would not change it; remove the pin first`,
    );
  }
  const strategy = istio.spec.updateStrategy?.type ?? 'InPlace';
  if (strategy !== 'InPlace') {
    throw new InputError(
      `${where} has the update strategy ${strategy}, which is not upgraded from here; set ${change} by kubectl, move the workloads to the new revision and restart them`,
    );
  }
}
