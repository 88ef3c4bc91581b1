import type { RequiredRight } from '../../checks';
import type { ResourceType } from '../../clusters/types';
import { JOBS, PODS } from '../../kubernetes/types';

/** One thing to ask of the API server. */
export function right(
  verb: string,
  { group, resource }: ResourceType,
  why: string,
  where: { namespace?: string; subresource?: string } = {},
): RequiredRight {
  return { question: { verb, group, resource, ...where }, why };
}

/** What running a program by a Job takes. */
export function jobRights(program: string, namespace: string): RequiredRight[] {
  return [
    right('create', JOBS, `to run ${program}`, { namespace }),
    right('get', JOBS, `to follow ${program}`, { namespace }),
    right('list', PODS, `to follow ${program}`, { namespace }),
    right('get', PODS, `to read what ${program} says`, {
      namespace,
      subresource: 'log',
    }),
  ];
}
