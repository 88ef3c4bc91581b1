import { isRecord, type Json } from './mergePatch';

/** The field by which Kubernetes merges the items of a list; other lists are replaced whole. */
const MERGE_KEYS: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  imagePullSecrets: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
  conditions: 'type',
  ownerReferences: 'uid',
  webhooks: 'name',
};

const DIRECTIVE = /^\$(setElementOrder|retainKeys|deleteFromPrimitiveList)/;

/** Applies a strategic merge patch: lists with a merge key are merged item by item. */
export function strategicMergePatch(
  target: Json | undefined,
  patch: Json,
  field = '',
): Json {
  if (Array.isArray(patch)) {
    return mergeList(Array.isArray(target) ? target : [], patch, field);
  }
  if (!isRecord(patch)) {
    return patch;
  }
  const { $patch: directive, ...changes } = patch;
  const result: Record<string, Json> =
    isRecord(target) && directive !== 'replace' ? { ...target } : {};
  for (const [key, value] of Object.entries(changes)) {
    if (DIRECTIVE.test(key)) {
      continue;
    }
    if (value === null) {
      delete result[key];
    } else {
      result[key] = strategicMergePatch(result[key], value, key);
    }
  }
  return result;
}

function mergeList(target: Json[], patch: Json[], field: string): Json {
  const key = MERGE_KEYS[field];
  const items = patch.filter(isRecord);
  const replaces = items.some(
    item => item.$patch === 'replace' && Object.keys(item).length === 1,
  );
  if (!key || items.length !== patch.length || replaces) {
    return patch.filter(item => !isRecord(item) || item.$patch !== 'replace');
  }
  let result = [...target];
  for (const item of items) {
    const index = result.findIndex(
      each => isRecord(each) && each[key] === item[key],
    );
    if (item.$patch === 'delete') {
      result = result.filter((_, position) => position !== index);
    } else if (index < 0) {
      result.push(strategicMergePatch(undefined, item));
    } else {
      result[index] = strategicMergePatch(result[index], item);
    }
  }
  return result;
}
