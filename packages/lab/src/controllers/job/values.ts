import type { Json } from '../../api/patch/mergePatch';
import { mergePatch } from '../../api/patch/mergePatch';
import type { IstioValues } from '../../kubernetes/types';

/** User values with what `--set a.b=c` flags say over them. */
export function withSetFlags(
  values: IstioValues,
  settings: string[],
): IstioValues {
  let result = values as unknown as Json;
  for (const setting of settings.flatMap(each => each.split(/(?<!\\),/))) {
    const separator = setting.indexOf('=');
    const path = setting.slice(0, separator).split('.');
    result = mergePatch(
      result,
      path.reduceRight<Json>(
        (inner, key) => ({ [key]: inner }),
        parseScalar(setting.slice(separator + 1)),
      ),
    );
  }
  return result as unknown as IstioValues;
}

function parseScalar(text: string): Json {
  if (['true', 'false'].includes(text)) {
    return text === 'true';
  }
  if (text === 'null') {
    return null;
  }
  return /^\d+$/.test(text) ? Number(text) : text;
}
