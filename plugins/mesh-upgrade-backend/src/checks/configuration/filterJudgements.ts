import { analysisLink } from './analysisLink';
import type { PatchProblem } from './envoyFilters';

/** What is said of EnvoyFilters that have something in common. */
export interface FilterJudgement {
  severity: 'consent' | 'warning';
  title: (filters: string) => string;
  observed: string;
  expected: string;
  remedy: string;
  link: ReturnType<typeof analysisLink>;
}

const INEFFECTIVE = {
  severity: 'warning',
  title: (them: string) => `Patches that do nothing in ${them}`,
  remedy: 'Correct or remove the patches: istiod ignores them.',
} as const;

/** By the code of Istio's analysis. */
export const PATCH_JUDGEMENTS: Record<PatchProblem, FilterJudgement> = {
  IST0151: {
    severity: 'warning',
    title: them =>
      `Filters placed relative to others without a priority in ${them}`,
    observed: 'INSERT_BEFORE, INSERT_AFTER, REMOVE or REPLACE with priority 0',
    expected: 'A priority, or an operation that needs no other filter',
    remedy:
      'Set spec.priority, or use INSERT_FIRST or ADD: which filters Istio generates, and in which order, changes with its version.',
    link: analysisLink('IST0151'),
  },
  IST0152: {
    ...INEFFECTIVE,
    observed:
      'REPLACE of something else than NETWORK_FILTER, HTTP_FILTER or VIRTUAL_HOST',
    expected: 'REPLACE of what can be replaced',
    link: analysisLink('IST0152'),
  },
  IST0153: {
    ...INEFFECTIVE,
    observed: 'ADD to ROUTE_CONFIGURATION or HTTP_ROUTE',
    expected: 'ADD to what can be added to',
    link: analysisLink('IST0153'),
  },
  IST0154: {
    ...INEFFECTIVE,
    observed: 'REMOVE of ROUTE_CONFIGURATION or HTTP_ROUTE',
    expected: 'REMOVE of what can be removed',
    link: analysisLink('IST0154'),
  },
  IST0155: {
    severity: 'consent',
    title: them =>
      `Filters placed relative to others that only some proxy versions have in ${them}`,
    observed:
      'A relative operation without priority on a filter that a patch binds to proxyVersion',
    expected: 'A priority, or an operation that needs no other filter',
    remedy:
      'Set spec.priority, or use INSERT_FIRST or ADD, then look at the proxies of the new version first on one workload.',
    link: analysisLink('IST0155'),
  },
};

/** Holds for every EnvoyFilter. */
export const PATCHES_OF_INTERNALS: FilterJudgement = {
  severity: 'warning',
  title: them => `Patches of what Istio generates for Envoy in ${them}`,
  observed: 'Patches of generated configuration',
  expected: 'Other means of configuration where there are any',
  remedy:
    'Upgrade one workload first and look whether its patches still do what they should: no version of Istio promises what it generates.',
  link: analysisLink('IST0133'),
};
