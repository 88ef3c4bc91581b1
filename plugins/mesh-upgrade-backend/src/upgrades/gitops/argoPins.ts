import { parse } from 'yaml';
import { pinnedTags, type PinnedTag } from '../../helm/pinnedTags';

/** The part of an Application's source that gives values to a chart. */
export interface ArgoHelm {
  values?: string;
  valuesObject?: unknown;
  parameters?: { name: string; value?: string }[];
}

/** Pins among all the ways in which an Application gives values; files of values in Git are not seen. */
export function argoPins(helm: ArgoHelm = {}): PinnedTag[] {
  const { values, valuesObject, parameters = [] } = helm;
  return [
    ...pinnedTags(valuesObject ?? valuesIn(values)),
    ...parameters.flatMap(({ name, value }) => pinnedTags(nested(name, value))),
  ];
}

/** Argo CD says itself what is wrong with values that are no YAML. */
function valuesIn(text?: string): unknown {
  try {
    return text === undefined ? undefined : parse(text);
  } catch {
    return undefined;
  }
}

/** `global.tag` and its value, as the object that values are. */
function nested(path: string, value?: string): unknown {
  return path
    .split('.')
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}
