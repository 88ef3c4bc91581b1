import { toError } from '@backstage/errors';
import type { PlannedChange } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  KubernetesClient,
  KubernetesObject,
  ObjectRef,
} from '../../clusters/types';
import { isKubernetesError } from '../engine/stepFailure';
import { objectYaml } from './objectYaml';
import { patchLocally, type PatchOperation } from './patchLocally';

/** A write that a step of the plan would make. */
export interface PlannedPatch {
  ref: ObjectRef;
  /** As it is now. */
  object: KubernetesObject;
  /** A list is a JSON Patch, everything else a merge patch. */
  patch: object | PatchOperation[];
}

/**
 * The object before and after a write, the latter as the API server answers a
 * dry run of it. Where it refuses one, the change is computed here, and the YAML
 * says so in a comment.
 */
export async function previewPatch(
  client: KubernetesClient,
  { ref, object, patch }: PlannedPatch,
  signal: AbortSignal,
): Promise<PlannedChange['yaml']> {
  const before = objectYaml(object);
  try {
    const after = await client.patch(
      ref,
      Array.isArray(patch) ? 'json' : 'merge',
      patch,
      { dryRun: true, fieldManager: 'mesh-upgrade', signal },
    );
    return { before, after: objectYaml(after) };
  } catch (thrown) {
    signal.throwIfAborted();
    const why = isKubernetesError(thrown)
      ? thrown.serverMessage
      : toError(thrown).message;
    return {
      before,
      after: `# Computed without the API server, which refused a dry run: ${why.replace(
        /\s+/g,
        ' ',
      )}\n${objectYaml(patchLocally(object, patch))}`,
    };
  }
}
