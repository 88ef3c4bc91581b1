import { InputError } from '@backstage/errors';
import {
  SAIL_ISTIO_ACTION,
  type SailIstioParameters,
} from '../actuators/SailIstioActuator';
import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import { formatPin, pinnedTags } from '../../helm/pinnedTags';
import { istioBehind, istioRevisionOf } from '../../kubernetes/sail';
import { listAll } from '../../clusters/listAll';
import { ISTIOS, type Istio } from '../../kubernetes/types';
import { right } from './right';
import type { ControlPlaneDriver, DriverInput } from './types';

/** Control planes that the Sail operator keeps: its `Istio` object is changed, nothing else. */
export const sailDriver: ControlPlaneDriver = {
  method: 'sail',
  rights: () => [
    right('list', ISTIOS, 'to find the object behind istiod'),
    right('get', ISTIOS, 'to follow the operator'),
    right('patch', ISTIOS, 'to change the version'),
  ],
  async plan(input) {
    const { controlPlane, targetVersion } = input;
    const { cluster, namespace, name: deployment } = controlPlane;
    const istio = await istioOf(input);
    const { name } = istio.metadata;
    refuseUnlessOurs(istio, input);
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
};

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

function refuseUnlessOurs(istio: Istio, input: DriverInput) {
  const where = `Cluster '${input.controlPlane.cluster}', Istio ${istio.metadata.name}`;
  const change = `spec.version: v${input.targetVersion}`;
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
