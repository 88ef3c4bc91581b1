import type { KubernetesObject, ObjectRef } from '../../clusters/types';
import { observeNodeAgent } from '../actuators/nodeAgent';
import { proveControlPlane } from '../actuators/proveControlPlane';
import type { PatchOperation } from '../preview/patchLocally';
import type { Step } from '../types';
import type { Change } from '../actuators/ChangeActuator';
import {
  argoInstallation,
  fluxInstallation,
  type Installation,
} from './installation';
import {
  describePath,
  fieldAt,
  toPointer,
  type FieldPath,
  type SyncSettings,
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
  /** How Argo CD is told to sync, where it does not do so by itself. */
  sync?: SyncSettings;
  /** Whoever keeps the object in Git, in words: the change is theirs, and is waited for. */
  keeper?: string;
  /** What the chart rolls, by which the step is proven; nothing of `base`. */
  rolls?: { kind: 'Deployment' | 'DaemonSet'; namespace: string; name: string };
}

/** Changes the version where Flux or Argo CD reads it, or waits until it is changed in Git, and proves what came of it. */
export const gitopsSource: Change = {
  action: GITOPS_SOURCE_ACTION,
  mode: 'full',
  async observe(client, step, { signal }) {
    const parameters = parametersOf(step);
    const { title, ref, path, before, version, keeper, rolls } = parameters;
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
    const message = `${title}: ${installation.message}`;
    if (needsSync(installation, step)) {
      return { state: 'wanting', message };
    }
    if (installation.state === 'stuck') {
      return { state: 'waiting', message };
    }
    if (installation.state === 'failed') {
      return {
        state: 'failed',
        message: `${message}. ${describePath(path)} stays ${version}${
          before === undefined || before === version ? '' : `; it was ${before}`
        }`,
      };
    }
    if (!rolls) {
      return {
        state: installation.state === 'installed' ? 'done' : 'moving',
        message,
      };
    }
    const prove =
      rolls.kind === 'Deployment' ? proveControlPlane : observeNodeAgent;
    const proof = await prove(client, { ...rolls, version, signal });
    // Until the tool has begun, its own words say more than an unchanged Deployment.
    return proof.state === 'moving' && proof.progress?.done === 0
      ? { ...proof, message }
      : proof;
  },

  intend(step) {
    const { tool, sync, ...parameters } = parametersOf(step);
    const change = versionPatch(parameters);
    if (tool === 'flux') {
      return { patch: change };
    }
    const syncing = [
      {
        op: 'add',
        path: '/operation',
        value: {
          initiatedBy: { username: 'mesh-upgrade' },
          sync: { syncOptions: sync?.syncOptions },
          retry: sync?.retry,
        },
      },
    ];
    return { patch: sync ? [...change, ...syncing] : change, syncing };
  },

  async act(client, step, { signal }) {
    const { ref, path, version } = parametersOf(step);
    const { patch, syncing } = step.intent!;
    const source = await client.get<KubernetesObject>(ref, { signal });
    await client.patch(
      ref,
      'json',
      (fieldAt(source, path) === version ? syncing : patch) as object,
      { fieldManager: 'mesh-upgrade', signal },
    );
  },
};

/** The JSON Patch that sets the version; it fails when the field is no longer what it was. */
export function versionPatch({
  path,
  before,
  version,
}: Pick<SourceParameters, 'path' | 'before' | 'version'>): PatchOperation[] {
  const pointer = toPointer(path);
  return before === undefined
    ? [{ op: 'add', path: pointer, value: version }]
    : [
        { op: 'test', path: pointer, value: before },
        { op: 'replace', path: pointer, value: version },
      ];
}

/**
 * Whether Argo CD has to be told to sync: where nothing else does, and where it
 * will not try again, because the same version failed before this step began.
 */
function needsSync({ state }: Installation, step: Step): boolean {
  const { tool, sync } = parametersOf(step);
  const begun = step.track.acts > 0;
  return (
    tool === 'argocd' &&
    ((state === 'unstarted' && sync !== undefined) ||
      (state === 'failed' && !begun))
  );
}

function parametersOf(step: Step): SourceParameters {
  return step.parameters as SourceParameters;
}
