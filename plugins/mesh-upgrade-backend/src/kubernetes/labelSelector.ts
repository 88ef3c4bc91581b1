/** As the API server takes it. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether labels satisfy a Kubernetes label selector; an empty selector matches everything. */
export function matchesSelector(
  selector: LabelSelector,
  labels: Record<string, string>,
): boolean {
  const exact = Object.entries(selector.matchLabels ?? {});
  return (
    exact.every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every(expression =>
      matchesExpression(expression, labels),
    )
  );
}

function matchesExpression(
  {
    key,
    operator,
    values = [],
  }: NonNullable<LabelSelector['matchExpressions']>[number],
  labels: Record<string, string>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      // The API server admits no other operator; guessing a match would claim an injection.
      return false;
  }
}
