import type { KubernetesObject } from '../clusters/types';

/** What the API server remembers of who wrote which fields of an object. */
export interface FieldsOfManager {
  manager?: string;
  /** ISO time of its last change. */
  time?: string;
  subresource?: string;
  fieldsV1?: Record<string, unknown>;
}

export type ManagedObject = KubernetesObject & {
  metadata: { managedFields?: FieldsOfManager[] };
};

/**
 * Paths of the fields that a manager wrote, e.g.
 * `spec.template.spec.containers[discovery].env[LEVEL]`, without the time that
 * a restart leaves behind.
 */
export function fieldPaths({ fieldsV1 = {} }: FieldsOfManager): string[] {
  // Whoever asked for the restart: nothing else was changed.
  return leaves(fieldsV1).filter(
    path => !path.includes('kubectl.kubernetes.io/'),
  );
}

function leaves(fields: Record<string, unknown>, path = ''): string[] {
  return Object.entries(fields).flatMap(([key, below]) => {
    if (key === '.') {
      return [];
    }
    const here = `${path}${segment(key)}`;
    const deeper = leaves(below as Record<string, unknown>, here);
    return deeper.length > 0 ? deeper : [here.replace(/^\./, '')];
  });
}

/** `f:` is a field, `k:` an entry of a list by its keys, `v:` one by its value. */
function segment(key: string): string {
  const [kind, rest] = [key.slice(0, 2), key.slice(2)];
  switch (kind) {
    case 'f:':
      return `.${rest}`;
    case 'k:':
      return `[${Object.values(JSON.parse(rest)).join(',')}]`;
    default:
      return `[${rest}]`;
  }
}
