import { orUndefined } from '../../clusters/notFound';
import type { KubernetesClient } from '../../clusters/types';
import { ISTIO_REVISIONS, type IstioRevision } from '../../kubernetes/sail';
import {
  DEPLOYMENTS,
  ISTIO_CNIS,
  ISTIOS,
  ZTUNNELS,
  type Istio,
} from '../../kubernetes/types';
import type { Step, StepObservation } from '../types';
import type { Change } from './ChangeActuator';
import { observeNodeAgent } from './nodeAgent';
import { proveControlPlane } from './proveControlPlane';

export const SAIL_ISTIO_ACTION = 'sail-istio';

export interface SailIstioParameters extends Record<string, unknown> {
  /** Name of the `Istio`, `IstioCNI` or `ZTunnel` object. */
  istio: string;
  /** `Istio` when absent. */
  kind?: 'IstioCNI' | 'ZTunnel';
  namespace: string;
  /** istiod's Deployment, or the DaemonSet of a node agent. */
  deployment: string;
  version: string;
  /** What `spec.version` is set to. Default: `v` and the version. */
  specVersion?: string;
  /** What it was when the plan was made. */
  before?: string;
  /** The `IstioRevision` that is to become the active one, where the `Istio` makes several. */
  revision?: string;
}

const RESOURCES = { Istio: ISTIOS, IstioCNI: ISTIO_CNIS, ZTunnel: ZTUNNELS };

/** The operator also reports errors it gets over at once, e.g. write conflicts. */
const ERRORS_UNTIL_FAILED = 3;

/** Sets `spec.version` of an object of the Sail operator and waits until what it keeps runs it. */
export const sailIstio: Change = {
  action: SAIL_ISTIO_ACTION,
  mode: 'full',
  async observe(client, step, { signal }) {
    const parameters = parametersOf(step);
    const {
      istio: name,
      namespace,
      deployment,
      version,
      revision,
    } = parameters;
    const kind = parameters.kind ?? 'Istio';
    const istio = await client.get<Istio>(
      { ...RESOURCES[kind], name },
      { signal },
    );
    const wanted = specVersionOf(parameters);
    if (istio.spec.version !== wanted) {
      return {
        state: 'wanting',
        message: `${kind} ${name} still has version ${istio.spec.version}`,
      };
    }
    if (istio.status?.observedGeneration !== istio.metadata.generation) {
      return {
        state: 'moving',
        message: `Waiting for the Sail operator to see version ${wanted}`,
      };
    }
    if (istio.status?.state === 'ReconcileError') {
      return reconcileError(step, istio);
    }
    const pending =
      revision === undefined
        ? undefined
        : await pendingRevision(client, istio, {
            revision,
            deployment: { namespace, name: deployment },
            signal,
          });
    if (pending !== undefined) {
      return { state: 'moving', message: pending };
    }
    const prove = parameters.kind ? observeNodeAgent : proveControlPlane;
    const proof = await prove(client, {
      namespace,
      name: deployment,
      version,
      signal,
    });
    return proof.state !== 'done' || istio.status?.state === 'Healthy'
      ? proof
      : {
          ...proof,
          state: 'moving',
          message: `${proof.message}; ${kind} ${name} is ${
            istio.status?.state ?? 'without a state'
          }`,
        };
  },

  intend(step) {
    return { version: specVersionOf(parametersOf(step)) };
  },

  async act(client, step, { signal }) {
    const { kind = 'Istio', istio: name } = parametersOf(step);
    await client.patch(
      { ...RESOURCES[kind], name },
      'merge',
      { spec: { version: step.intent!.version } },
      { fieldManager: 'mesh-upgrade', signal },
    );
  },
};

function reconcileError(step: Step, istio: Istio): StepObservation {
  const condition = istio.status?.conditions?.find(
    ({ type, status }) => type === 'Reconciled' && status === 'False',
  );
  const message = `The Sail operator refuses: ${
    condition?.message ?? 'ReconcileError without a message'
  }`;
  const errors = Number(step.detail?.errors ?? 0) + 1;
  return errors >= ERRORS_UNTIL_FAILED
    ? { state: 'failed', message }
    : { state: 'moving', message, detail: { errors } };
}

/** What the operator has still to bring up before there is an istiod to look at; undefined when there is one. */
async function pendingRevision(
  client: KubernetesClient,
  { metadata: { name }, status }: Istio,
  options: {
    revision: string;
    deployment: { namespace: string; name: string };
    signal: AbortSignal;
  },
): Promise<string | undefined> {
  const { revision, deployment, signal } = options;
  if (status?.activeRevisionName !== revision) {
    return `Istio ${name} stands for revision ${
      status?.activeRevisionName ?? 'none'
    }, not yet for ${revision}`;
  }
  const [object, istiod] = await Promise.all([
    orUndefined(
      client.get<IstioRevision>(
        { ...ISTIO_REVISIONS, name: revision },
        { signal },
      ),
    ),
    orUndefined(client.get({ ...DEPLOYMENTS, ...deployment }, { signal })),
  ]);
  if (object && istiod) {
    return undefined;
  }
  const problem = object?.status?.conditions?.find(
    each => each.status !== 'True' && each.message,
  );
  return [
    object
      ? `IstioRevision ${revision} has no Deployment ${deployment.namespace}/${deployment.name} yet`
      : `The Sail operator has not made IstioRevision ${revision} yet`,
    ...(problem ? [problem.message] : []),
  ].join('; ');
}

function specVersionOf({ version, specVersion }: SailIstioParameters): string {
  return specVersion ?? `v${version}`;
}

function parametersOf(step: Step): SailIstioParameters {
  return step.parameters as SailIstioParameters;
}
