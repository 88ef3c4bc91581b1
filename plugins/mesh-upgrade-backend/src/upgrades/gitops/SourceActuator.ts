import type {
  ClusterRegistry,
  KubernetesObject,
  ObjectRef,
} from '../../clusters/types';
import { proveControlPlane } from '../actuators/proveControlPlane';
import { assertMode, clientFor } from '../kubernetes/clientFor';
import type { Run, Step, StepActuator, StepObservation } from '../types';
import { argoInstallation, fluxInstallation } from './installation';
import {
  describePath,
  fieldAt,
  toPointer,
  type FieldPath,
} from './VersionSource';

export const GITOPS_SOURCE_ACTION = 'gitops-source';

/** What the plan says about one chart that Flux or Argo CD installs. */
export interface SourceParameters extends Record<string, unknown> {
  tool: 'flux' | 'argocd';
  title: string;
  ref: ObjectRef;
  path: FieldPath;
  before?: string;
  version: string;
  status: ObjectRef;
  needsSync: boolean;
  /** Whoever keeps the object in Git, in words: the change is theirs, and is waited for. */
  keeper?: string;
  /** Present when the chart installs istiod. */
  istiod?: { namespace: string; name: string };
}

/** Changes the version where Flux or Argo CD reads it, or waits until it is changed in Git, and proves what came of it. */
export class SourceActuator implements StepActuator {
  readonly action = GITOPS_SOURCE_ACTION;
  readonly #clusters: ClusterRegistry;

  static create(options: { clusters: ClusterRegistry }): SourceActuator {
    return new SourceActuator(options.clusters);
  }

  private constructor(clusters: ClusterRegistry) {
    this.#clusters = clusters;
  }

  async observe(
    step: Step,
    _run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<StepObservation> {
    const parameters = parametersOf(step);
    const { title, ref, path, version, keeper, istiod } = parameters;
    const client = clientFor(this.#clusters, step.cluster);
    const source = await client.get<KubernetesObject>(ref, { signal });
    const value = fieldAt(source, path);
    if (value !== version) {
      const field = `${title}: ${describePath(path)}`;
      return keeper === undefined
        ? { state: 'wanting', message: `${field} is still ${value}` }
        : {
            state: 'waiting',
            message: `Set ${field} from ${value} to ${version} in Git; it is kept there by ${keeper}`,
          };
    }
    const status = await client.get<KubernetesObject>(parameters.status, {
      signal,
    });
    const installation =
      parameters.tool === 'flux'
        ? fluxInstallation(status, version)
        : argoInstallation(status, version);
    if (installation.state === 'failed') {
      return { state: 'failed', message: installation.message };
    }
    if (!istiod) {
      return {
        state: installation.state === 'installed' ? 'done' : 'moving',
        message: `${title}: ${installation.message}`,
      };
    }
    const proof = await proveControlPlane(client, {
      ...istiod,
      version,
      signal,
    });
    // Until the tool has begun, its own words say more than an unchanged Deployment.
    return proof.state === 'moving' && proof.progress?.done === 0
      ? { ...proof, message: `${title}: ${installation.message}` }
      : proof;
  }

  intend(step: Step): Record<string, unknown> {
    const { path, before, version, needsSync } = parametersOf(step);
    const pointer = toPointer(path);
    return {
      patch: [
        ...(before === undefined
          ? [{ op: 'add', path: pointer, value: version }]
          : [
              { op: 'test', path: pointer, value: before },
              { op: 'replace', path: pointer, value: version },
            ]),
        ...(needsSync
          ? [
              {
                op: 'add',
                path: '/operation',
                value: {
                  initiatedBy: { username: 'mesh-upgrade' },
                  sync: {},
                },
              },
            ]
          : []),
      ],
    };
  }

  async act(
    step: Step,
    _run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    assertMode(this.#clusters, step.cluster, 'full');
    await clientFor(this.#clusters, step.cluster).patch(
      parametersOf(step).ref,
      'json',
      step.intent!.patch as object,
      { fieldManager: 'mesh-upgrade', signal },
    );
  }
}

function parametersOf(step: Step): SourceParameters {
  return step.parameters as SourceParameters;
}
