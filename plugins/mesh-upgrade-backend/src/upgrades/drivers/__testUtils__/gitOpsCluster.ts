import type {
  ControlPlaneView,
  MeshComponentView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  ClusterRegistry,
  KubernetesClient,
  KubernetesObject,
  ObjectRef,
  ResourceType,
} from '../../../clusters/types';
import type { DaemonSet, Deployment } from '../../../kubernetes/types';
import { ChangeActuator } from '../../actuators/ChangeActuator';
import { gitopsSource } from '../../gitops/gitopsSource';
import { patchLocally, type PatchOperation } from '../../preview/patchLocally';
import { newStep, storedRun } from '../../testing/runs';
import type { Step, StepObservation } from '../../types';
import { createGitOpsDriver } from '../gitOps';

/** What is installed. */
export const FROM = '1.29.4';
/** What it is upgraded to. */
export const TO = '1.30.3';
export type Values = Record<string, any>;

/** An object of Flux or Argo CD. */
export function object(
  name: string,
  spec: Values,
  { namespace = 'istio-system', ...metadata }: Values = {},
): KubernetesObject & Values {
  return { metadata: { name, namespace, ...metadata }, spec };
}

/** istiod, rolled out. */
export function istiod(metadata: Values, version = FROM): Deployment {
  return {
    ...object('istiod', {
      replicas: 1,
      selector: {},
      template: {
        spec: {
          containers: [
            { name: 'discovery', image: `docker.io/istio/pilot:${version}` },
          ],
        },
      },
    }),
    metadata: {
      name: 'istiod',
      namespace: 'istio-system',
      generation: 1,
      ...metadata,
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    },
  } as unknown as Deployment;
}

/** A cluster of these objects, by resource, on which the driver plans and its steps are done. */
export function aCluster(
  deployment: Deployment,
  objects: Record<string, (KubernetesObject & Values)[]>,
) {
  const all: Record<string, (KubernetesObject & Values)[]> = {
    deployments: [deployment],
    replicasets: [],
    pods: [],
    ...objects,
  };
  const find = ({ resource, namespace, name }: ObjectRef) =>
    all[resource].find(
      ({ metadata }) =>
        metadata.name === name && metadata.namespace === namespace,
    )!;
  const patches: unknown[] = [];
  const client = {
    serves: async ({ resource, version }: ResourceType) =>
      resource in all && version !== 'v1beta1',
    get: async (ref: ObjectRef) => find(ref),
    async *list(
      { resource }: ResourceType,
      { namespace }: { namespace?: string } = {},
    ) {
      yield {
        items: all[resource].filter(
          ({ metadata }) =>
            namespace === undefined || metadata.namespace === namespace,
        ),
        resourceVersion: '1',
      };
    },
    patch: async (
      ref: ObjectRef,
      _type: string,
      patch: PatchOperation[],
      { dryRun }: { dryRun?: boolean },
    ) => {
      if (!dryRun) {
        patches.push(patch);
      }
      return patchLocally(await client.get(ref), patch);
    },
  } as unknown as KubernetesClient;
  const plan = (method: 'flux' | 'argocd') =>
    createGitOpsDriver(method).plan({
      client,
      controlPlane: {
        cluster: 'prod',
        namespace: 'istio-system',
        name: 'istiod',
        revision: 'default',
        install: { method, evidence: [] as string[] },
      } as ControlPlaneView,
      deployment,
      targetVersion: TO,
      signal: new AbortController().signal,
    });
  const actuator = ChangeActuator.create({
    clusters: {
      get: () => ({ mode: 'full', client }),
    } as unknown as ClusterRegistry,
    change: gitopsSource,
  });
  const run = storedRun();
  const options = { signal: new AbortController().signal, now: new Date() };
  const begin = (planned: Partial<Step>): Step => {
    const step = newStep({ ...planned, state: 'running' });
    return { ...step, intent: actuator.intend(step, run, new Date()) };
  };
  const planAgent = (method: 'flux' | 'argocd', daemonSet: DaemonSet) =>
    createGitOpsDriver(method).planNodeAgent!({
      client,
      agent: {
        kind: 'cni',
        cluster: 'prod',
        namespace: 'istio-system',
        name: 'istio-cni-node',
      } as MeshComponentView,
      daemonSet,
      targetVersion: TO,
      signal: new AbortController().signal,
    });
  return {
    plan,
    planAgent,
    objects: all,
    patches,
    begin,
    async stepOf(method: 'flux' | 'argocd'): Promise<Step> {
      const { steps } = await plan(method);
      return begin(steps.at(-1)!);
    },
    observe: (step: Step): Promise<StepObservation> =>
      actuator.observe(step, run, options),
    act: (step: Step) => actuator.act(step, run, options),
  };
}
