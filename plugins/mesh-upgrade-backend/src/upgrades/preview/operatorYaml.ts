import type { PlannedChange } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { parse } from 'yaml';
import { contentYaml } from './objectYaml';

/** An IstioOperator file as it is, and as istioctl is told to take it: with the tag of the version. */
export function operatorYaml(
  file: string,
  version: string,
): PlannedChange['yaml'] {
  let operator: unknown;
  try {
    operator = parse(file);
  } catch {
    // istioctl says in the Job what is wrong with it.
    return undefined;
  }
  if (operator === null || typeof operator !== 'object') {
    return undefined;
  }
  const { spec = {}, ...rest } = operator as { spec?: object };
  return {
    before: contentYaml(operator),
    after: contentYaml({ ...rest, spec: { ...spec, tag: version } }),
  };
}
