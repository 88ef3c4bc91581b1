import type { ResourceType } from './types';

/** What a request is about; everything absent is simply not part of the address. */
export interface Target extends ResourceType {
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** `/api/v1` for the core group, `/apis/<group>/<version>` for all others. */
export function groupVersionPath(resource: {
  group: string;
  version: string;
}): string {
  return resource.group === ''
    ? `/api/${resource.version}`
    : `/apis/${resource.group}/${resource.version}`;
}

/** The address of a collection, an object or a subresource below the server's base address. */
export function resourcePath(target: Target): string {
  const segments = [
    ...(target.namespace ? ['namespaces', target.namespace] : []),
    target.resource,
    target.name,
    target.subresource,
  ];
  return [
    groupVersionPath(target),
    ...segments.flatMap(segment =>
      segment === undefined ? [] : [encodeURIComponent(segment)],
    ),
  ].join('/');
}

/** How errors name a request, e.g. `patch deployments shop/cart`. */
export function describeAction(
  verb: string,
  target: Target,
  options?: { dryRun?: boolean },
): string {
  const resource = target.subresource
    ? `${target.resource}/${target.subresource}`
    : target.resource;
  const where = [target.namespace, target.name].filter(Boolean).join('/');
  return [verb, resource, where, options?.dryRun ? '(dry run)' : '']
    .filter(Boolean)
    .join(' ');
}
