import { stringify } from 'yaml';
import type { KubernetesObject } from '../clusters/types';

/** What the API server writes itself, and who applies the object again must leave out. */
const KEPT_BY_SERVER = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** An object as YAML that can be applied again; items of a list do not tell their kind themselves. */
export function objectYaml(
  object: KubernetesObject,
  type: { apiVersion: string; kind: string },
): string {
  const { apiVersion, kind, metadata, status, ...content } =
    object as KubernetesObject & { status?: unknown };
  return stringify(
    {
      apiVersion: apiVersion ?? type.apiVersion,
      kind: kind ?? type.kind,
      metadata: Object.fromEntries(
        Object.entries(metadata).filter(([key]) => !KEPT_BY_SERVER.has(key)),
      ),
      ...content,
    },
    { lineWidth: 0 },
  );
}
