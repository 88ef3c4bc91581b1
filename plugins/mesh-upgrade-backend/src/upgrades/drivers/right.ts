import type { RequiredRight } from '../../checks';
import type { ResourceType } from '../../clusters/types';

/** One thing to ask of the API server. */
export function right(
  verb: string,
  { group, resource }: ResourceType,
  why: string,
  where: { namespace?: string; subresource?: string } = {},
): RequiredRight {
  return { question: { verb, group, resource, ...where }, why };
}
