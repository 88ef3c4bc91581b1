import {
  matchesSelector,
  parseFieldSelector,
  parseLabelSelector,
  type Predicate,
} from '../kubernetes/selectors';
import type { ResourceRequest } from './request';

/** The test that `labelSelector`, `fieldSelector` and the name of a request amount to. */
export function selectionOf(request: ResourceRequest): Predicate {
  const { query, resource, namespace } = request;
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(
    resource.kind,
    query.get('fieldSelector') ?? '',
  );
  return object =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matchesSelector(labels, object.metadata.labels) &&
    fields(object);
}
