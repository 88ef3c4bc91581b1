import type { KubernetesObject, ObjectRef } from '../../clusters/types';
import {
  keeperInGit,
  nameOfOwner,
  type OwnedMetadata,
} from '../../gitops/gitOpsOwner';
import type { PinnedTag } from '../../helm/pinnedTags';

/** Steps into an object: names of fields, places in lists. */
export type FieldPath = (string | number)[];

/** The field of an object of Flux or Argo CD that decides which version of a chart is installed. */
export interface VersionSource {
  chart: string;
  /** For people, e.g. `HelmRelease istio-system/istiod`. */
  title: string;
  ref: ObjectRef;
  path: FieldPath;
  /** What the field says now; absent when it is not set. */
  value?: string;
  /** Who would put the field back, in words; undefined when it may be changed where it is. */
  keeper?: string;
  /** The object whose status tells how the installation goes. */
  status: ObjectRef;
  /** That version is in the cluster. */
  installed: boolean;
  /** Values that fix the image, so that another chart would not change it. */
  pins: PinnedTag[];
  /** How Argo CD is told to sync; absent when it does so by itself. */
  sync?: SyncSettings;
}

/** What Argo CD's own API would take from an Application's policy into a sync; the controller does not. */
export interface SyncSettings {
  syncOptions?: string[];
  retry?: object;
}

/** What was found of the object that an installation names. */
export interface FoundSources {
  /** The charts that it installs itself. */
  own: VersionSource[];
  /** Of the objects in the same place that install charts in the same cluster, it among them. */
  around: VersionSource[];
}

export type OwnedObject = KubernetesObject & { metadata: OwnedMetadata };

/** Who keeps an object in Git, in words. */
export function keeperName(metadata: OwnedMetadata): string | undefined {
  const keeper = keeperInGit(metadata);
  return keeper && nameOfOwner(keeper);
}

/** What stands at a path; undefined when the way ends before. */
export function fieldAt(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      value === null || typeof value !== 'object'
        ? undefined
        : (value as Record<string | number, unknown>)[step],
    object,
  );
}

/** As people write it: `spec.sources[1].targetRevision`. */
export function describePath(path: FieldPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') {
        return `[${step}]`;
      }
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/** As JSON Patch writes it. */
export function toPointer(path: FieldPath): string {
  return path
    .map(step => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`)
    .join('');
}
