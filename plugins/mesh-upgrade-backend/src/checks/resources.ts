import type { ResourceType } from '../clusters/types';

function resource(group: string, plural: string, version = 'v1'): ResourceType {
  return { group, version, resource: plural };
}

export const NODES = resource('', 'nodes');
export const POD_AUTOSCALERS = resource(
  'autoscaling',
  'horizontalpodautoscalers',
  'v2',
);
export const POD_DISRUPTION_BUDGETS = resource(
  'policy',
  'poddisruptionbudgets',
);
