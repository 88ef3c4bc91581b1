import { badRequest } from './errors';
import type { KubeObject, LabelSelector, Pod, StringMap } from './types';

export type Predicate = (object: KubeObject) => boolean;

/** Whether labels satisfy a selector. An absent selector matches all, as in a webhook. */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: StringMap = {},
): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return (
    equal &&
    (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }) =>
      matchesRequirement(labels[key], operator, values),
    )
  );
}

function matchesRequirement(
  actual: string | undefined,
  operator: string,
  values: string[],
): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    default:
      return false;
  }
}

const setRequirement = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/;
const equalityRequirement = /^([^=!\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/;
const existence = /^(!?)\s*([A-Za-z0-9][A-Za-z0-9._/-]*)$/;

/** Parses the text form of a label selector; throws 400 on one that Kubernetes would not read. */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = text.split(/,(?![^(]*\))/).map(part => part.trim());
  return {
    matchExpressions: requirements
      .filter(part => part !== '')
      .map(parseRequirement),
  };
}

function parseRequirement(text: string) {
  const set = setRequirement.exec(text);
  if (set) {
    return {
      key: set[1],
      operator: set[2] === 'in' ? 'In' : 'NotIn',
      values: set[3].split(',').map(value => value.trim()),
    };
  }
  const equality = equalityRequirement.exec(text);
  if (equality) {
    return {
      key: equality[1],
      operator: equality[2] === '!=' ? 'NotIn' : 'In',
      values: [equality[3]],
    };
  }
  const exists = existence.exec(text);
  if (exists) {
    return {
      key: exists[2],
      operator: exists[1] ? 'DoesNotExist' : 'Exists',
    };
  }
  throw badRequest(
    `unable to parse requirement: found '${text}', expected: in, notin, =, ==, !=, gt, lt`,
  );
}

const podFields: Record<string, (pod: Pod) => string> = {
  'spec.nodeName': pod => pod.spec.nodeName ?? '',
  'spec.restartPolicy': pod => pod.spec.restartPolicy ?? '',
  'status.phase': pod => pod.status?.phase ?? '',
  'status.podIP': pod => pod.status?.podIP ?? '',
};

const secretFields: Record<string, (secret: { type?: string }) => string> = {
  type: secret => secret.type ?? '',
};

function fieldReader(
  kind: string,
  field: string,
): (object: KubeObject) => string {
  if (field === 'metadata.name') {
    return object => object.metadata.name;
  }
  if (field === 'metadata.namespace') {
    return object => object.metadata.namespace ?? '';
  }
  if (kind === 'Pod' && podFields[field]) {
    return object => podFields[field](object as Pod);
  }
  if (kind === 'Secret' && secretFields[field]) {
    return object => secretFields[field](object as { type?: string });
  }
  throw badRequest(`field label not supported: ${field}`);
}

/** Parses a field selector such as `status.phase!=Running`; throws 400 on an unsupported field. */
export function parseFieldSelector(kind: string, text: string): Predicate {
  const tests = text
    .split(',')
    .filter(part => part !== '')
    .map((part): Predicate => {
      const match = equalityRequirement.exec(part.trim());
      if (!match) {
        throw badRequest(
          `invalid field selector: '${text}'; can't understand '${part}'`,
        );
      }
      const read = fieldReader(kind, match[1]);
      const wanted = match[2] !== '!=';
      return object => (read(object) === match[3]) === wanted;
    });
  return object => tests.every(test => test(object));
}
