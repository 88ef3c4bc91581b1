import type { KubernetesObject } from '../../clusters/types';

interface FilterMatch {
  name?: string;
  subFilter?: { name?: string };
}

/** One entry of `spec.configPatches`. */
export interface ConfigPatch {
  applyTo?: string;
  match?: {
    proxy?: { proxyVersion?: string };
    listener?: { filterChain?: { filter?: FilterMatch } };
  };
  patch?: { operation?: string; value?: Record<string, unknown> };
}

export interface EnvoyFilter extends KubernetesObject {
  spec?: {
    /** 0 when absent. */
    priority?: number;
    configPatches?: ConfigPatch[];
  };
}

/** What Istio's own analysis says about patches, by its code. */
export type PatchProblem =
  | 'IST0151'
  | 'IST0152'
  | 'IST0153'
  | 'IST0154'
  | 'IST0155';

const WITHOUT_ADD_OR_REMOVE = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];
const WITH_REPLACE = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'];
const RELATIVE = ['INSERT_BEFORE', 'INSERT_AFTER', 'REMOVE', 'REPLACE'];

/**
 * EnvoyFilters by the problems that `istioctl analyze` has with their patches.
 * Its answer to IST0155 depends on the order in which it reads; here a filter
 * is one when any patch of the same filter name is bound to proxy versions.
 *
 * @see https://github.com/istio/istio/blob/release-1.31/pkg/config/analysis/analyzers/envoyfilter/envoyfilter.go
 */
export function patchProblems(
  filters: EnvoyFilter[],
): Map<PatchProblem, EnvoyFilter[]> {
  const versioned = new Set(
    filters
      .flatMap(patchesOf)
      .filter(isVersioned)
      .map(patchedFilter)
      .filter(name => name !== ''),
  );
  const found = new Map<PatchProblem, EnvoyFilter[]>();
  for (const filter of filters) {
    const problems = patchesOf(filter).flatMap(patch =>
      problemsOf(patch, filter.spec?.priority ?? 0, versioned),
    );
    for (const problem of new Set(problems)) {
      found.set(problem, [...(found.get(problem) ?? []), filter]);
    }
  }
  return found;
}

/** Expressions of the proxy versions that an EnvoyFilter's patches are bound to. */
export function proxyVersionsOf(filter: EnvoyFilter): string[] {
  const expressions = patchesOf(filter).flatMap(
    ({ match }) => match?.proxy?.proxyVersion || [],
  );
  return [...new Set(expressions)].sort();
}

/** Names of filters that an EnvoyFilter's patches look for. */
export function matchedFilters(filter: EnvoyFilter): string[] {
  return patchesOf(filter).flatMap(({ match }) => {
    const network = match?.listener?.filterChain?.filter;
    return [network?.name, network?.subFilter?.name].filter(
      (name): name is string => name !== undefined,
    );
  });
}

/** Patches that put a filter in by its name alone, or in a form of Envoy's API that is gone. */
export function outdatedValues(filter: EnvoyFilter): {
  untyped: string[];
  v2: string[];
} {
  const added = patchesOf(filter).flatMap(({ applyTo, patch }) =>
    patch?.value !== undefined && applyTo?.endsWith('_FILTER')
      ? [{ operation: patch.operation, value: patch.value }]
      : [],
  );
  return {
    untyped: added.flatMap(({ operation, value }) =>
      operation !== 'MERGE' &&
      typeof value.name === 'string' &&
      !('typed_config' in value || 'typedConfig' in value) &&
      !('config_discovery' in value || 'configDiscovery' in value)
        ? [value.name]
        : [],
    ),
    v2: added.flatMap(({ value }) => {
      const type = typeUrl(value);
      return type?.includes('.v2.') ? [type] : [];
    }),
  };
}

function problemsOf(
  patch: ConfigPatch,
  priority: number,
  versioned: Set<string>,
): PatchProblem[] {
  const operation = patch.patch?.operation ?? '';
  const applyTo = patch.applyTo ?? '';
  if (operation === 'ADD') {
    return WITHOUT_ADD_OR_REMOVE.includes(applyTo) ? ['IST0153'] : [];
  }
  if (operation === 'REMOVE' && WITHOUT_ADD_OR_REMOVE.includes(applyTo)) {
    return ['IST0154'];
  }
  if (operation === 'REPLACE' && !WITH_REPLACE.includes(applyTo)) {
    return ['IST0152'];
  }
  if (!RELATIVE.includes(operation) || priority !== 0) {
    return [];
  }
  return isVersioned(patch) || versioned.has(patchedFilter(patch))
    ? ['IST0151', 'IST0155']
    : ['IST0151'];
}

/** The name in the value, else the one that is matched. */
function patchedFilter({ match, patch }: ConfigPatch): string {
  const name = patch?.value?.name;
  return typeof name === 'string'
    ? name
    : match?.listener?.filterChain?.filter?.name ?? '';
}

function isVersioned({ match }: ConfigPatch): boolean {
  return Boolean(match?.proxy?.proxyVersion);
}

function patchesOf({ spec }: EnvoyFilter): ConfigPatch[] {
  return spec?.configPatches ?? [];
}

function typeUrl(value: Record<string, unknown>): string | undefined {
  const config = value.typed_config ?? value.typedConfig;
  const type =
    typeof config === 'object' && config !== null && '@type' in config
      ? config['@type']
      : undefined;
  return typeof type === 'string' ? type : undefined;
}
