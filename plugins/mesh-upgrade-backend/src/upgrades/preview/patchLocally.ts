/** A JSON Patch of the few operations that plans make. */
export interface PatchOperation {
  op: 'add' | 'replace' | 'test';
  path: string;
  value: unknown;
}

type Node = Record<string, unknown>;

/** What a merge patch, or a JSON Patch, makes of an object, without the defaults that the API server adds. */
export function patchLocally<T extends object>(
  object: T,
  patch: object | PatchOperation[],
): T {
  return Array.isArray(patch)
    ? (patch as PatchOperation[]).reduce(operate, object)
    : (merged(object, patch) as T);
}

function operate<T extends object>(
  object: T,
  { op, path, value }: PatchOperation,
): T {
  const steps = path
    .split('/')
    .slice(1)
    .map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  return op === 'test' ? object : (replaced(object, steps, value) as T);
}

function replaced(node: unknown, steps: string[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return value;
  }
  if (Array.isArray(node)) {
    return node.map((each, index) =>
      index === Number(step) ? replaced(each, rest, value) : each,
    );
  }
  const parent = (node ?? {}) as Node;
  return { ...parent, [step]: replaced(parent[step], rest, value) };
}

/** RFC 7386. */
function merged(node: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) {
    return patch;
  }
  const result: Node = isObject(node) ? { ...node } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[key];
    } else {
      result[key] = merged(result[key], value);
    }
  }
  return result;
}

function isObject(node: unknown): node is Node {
  return node !== null && typeof node === 'object' && !Array.isArray(node);
}
