/** One requirement of a Kubernetes label selector in its text form. */
export interface LabelRequirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: string[];
}

const KEY = String.raw`[A-Za-z0-9][A-Za-z0-9./_-]*`;
const VALUE = String.raw`[A-Za-z0-9._-]*`;
const EQUALITY = new RegExp(
  `^(?<key>${KEY})\\s*(?<operator>=|==|!=)\\s*(?<value>${VALUE})$`,
);
const SET = new RegExp(
  `^(?<key>${KEY})\\s+(?<operator>in|notin)\\s*\\((?<values>[^()]*)\\)$`,
);
const EXISTENCE = new RegExp(`^(?<not>!?)\\s*(?<key>${KEY})$`);

/** Commas inside parentheses separate values, not requirements. */
const SEPARATOR = /,(?![^(]*\))/;

/**
 * Reads `app=cart,tier in (web, api),!canary`. Undefined for a text that is
 * empty or no selector: it must not select everything.
 */
export function parseLabelExpression(
  expression: string,
): LabelRequirement[] | undefined {
  const requirements = expression
    .split(SEPARATOR)
    .map(part => parseRequirement(part.trim()));
  return requirements.every(requirement => requirement !== undefined)
    ? requirements
    : undefined;
}

function parseRequirement(text: string): LabelRequirement | undefined {
  const equality = EQUALITY.exec(text)?.groups;
  if (equality) {
    return {
      key: equality.key,
      operator: equality.operator === '!=' ? 'NotIn' : 'In',
      values: [equality.value],
    };
  }
  const set = SET.exec(text)?.groups;
  if (set) {
    return {
      key: set.key,
      operator: set.operator === 'in' ? 'In' : 'NotIn',
      values: set.values.split(',').map(value => value.trim()),
    };
  }
  const existence = EXISTENCE.exec(text)?.groups;
  return (
    existence && {
      key: existence.key,
      operator: existence.not ? 'DoesNotExist' : 'Exists',
      values: [],
    }
  );
}
