import { stringify } from 'yaml';
import type { KubernetesObject } from '../../clusters/types';
import { withoutSecrets } from './withoutSecrets';

/** What tools note on an object, which changes without anything having changed. */
const NOTES = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'argocd.argoproj.io/refresh',
  'reconcile.fluxcd.io/requestedAt',
];

/** An object as a person would have written it: without what the API server keeps, and without secrets. */
export function objectYaml(object: KubernetesObject): string {
  const { apiVersion, kind, metadata, ...rest } = object as KubernetesObject &
    Record<string, unknown>;
  const { name, namespace, labels, annotations = {} } = metadata;
  const kept = Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !NOTES.includes(key)),
  );
  // `operation` is what Argo CD is doing at this moment.
  const { status, operation, ...content } = rest;
  return contentYaml({
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels,
      annotations: Object.keys(kept).length > 0 ? kept : undefined,
    },
    ...content,
  });
}

/** Any content as YAML without secrets. */
export function contentYaml(content: object): string {
  return stringify(withoutSecrets(content), { lineWidth: 0 });
}
