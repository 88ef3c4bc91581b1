import { InputError } from '@backstage/errors';
import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import { formatPin, pinnedTags } from '../../helm/pinnedTags';
import { isVersionAlias } from '../../kubernetes/sail';
import type { KubernetesClient, ResourceType } from '../../clusters/types';
import type { Istio } from '../../kubernetes/types';
import { previewPatch } from '../preview/previewPatch';

/** What an object of the operator asks for now; an alias is said to be one. */
export function describeSpecVersion({ spec }: Istio): string {
  const { version } = spec;
  if (version === undefined) {
    return `spec.version not set, so that the operator's own default holds`;
  }
  return isVersionAlias(version)
    ? `spec.version ${version}, an alias: what it means changes with the operator`
    : `spec.version ${version}`;
}

/** What the plan says of an alias that an exact version takes the place of. */
export function effectOnAlias({ spec }: Istio): string {
  return isVersionAlias(spec.version)
    ? `. The alias ${spec.version} is replaced by this exact version, and no new patch comes by itself any more`
    : '';
}

/** @throws InputError when something else would undo or defeat a change of `spec.version` */
export function refuseUnlessOurs(
  istio: Istio,
  about: { cluster: string; kind: string; targetVersion: string },
): void {
  const where = `Cluster '${about.cluster}', ${about.kind} ${istio.metadata.name}`;
  const owner = keeperInGit(istio.metadata);
  if (owner) {
    throw new InputError(
      `${where} is kept in Git by ${nameOfOwner(
        owner,
      )}, which would undo a change made here; set spec.version: v${
        about.targetVersion
      } in Git`,
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
}

/** The object before and after its `spec.version` is changed. */
export function previewSpecVersion(
  client: KubernetesClient,
  about: { resource: ResourceType; object: Istio; version: string },
  signal: AbortSignal,
) {
  const { resource, object, version } = about;
  return previewPatch(
    client,
    {
      ref: { ...resource, name: object.metadata.name },
      object,
      patch: { spec: { version } },
    },
    signal,
  );
}
