import { applyPatch as applyOperations, type Operation } from 'fast-json-patch';
import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest } from '../../kubernetes/errors';
import type { Resource } from '../../kubernetes/resources';
import type { KubeObject } from '../../kubernetes/types';
import { parseJson } from '../request';
import { isRecord, mergePatch, type Json } from './mergePatch';
import { strategicMergePatch } from './strategicMergePatch';

export const APPLY_PATCH = 'application/apply-patch+yaml';

/** The object that a patch of this media type makes; throws 415 or 422 as the API server does. */
export function applyPatch(
  resource: Resource,
  mediaType: string,
  current: KubeObject,
  body: string,
): KubeObject {
  const target = current as unknown as Json;
  const result = patched(resource, mediaType, target, body);
  if (!isRecord(result)) {
    throw badRequest('the patch does not leave an object');
  }
  return result as unknown as KubeObject;
}

function patched(
  resource: Resource,
  mediaType: string,
  target: Json,
  body: string,
): Json {
  switch (mediaType) {
    case 'application/merge-patch+json':
      return mergePatch(target, parseJson(body));
    case 'application/strategic-merge-patch+json':
      if (resource.custom) {
        break;
      }
      return strategicMergePatch(target, parseJson(body));
    case APPLY_PATCH:
      return resource.custom
        ? mergePatch(target, parseYaml(body))
        : strategicMergePatch(target, parseYaml(body));
    case 'application/json-patch+json':
      return jsonPatch(target, parseJson(body));
    default:
  }
  throw new ApiError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
}

function jsonPatch(target: Json, operations: Operation[]): Json {
  try {
    return applyOperations(target, operations, true, false).newDocument;
  } catch (error) {
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${
        (error as Error).message.split('\n')[0]
      }`,
    );
  }
}
