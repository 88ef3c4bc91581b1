import type { HelmRelease } from '../../helm/release';
import { contentYaml } from '../preview/objectYaml';

/** The part of a release that an upgrade is given; what a newer chart makes of it is only known while it happens. */
export function releaseYaml({
  name,
  namespace,
  chart,
  values,
}: HelmRelease): string {
  return contentYaml({
    release: name,
    namespace,
    chart: chart.name,
    version: chart.version,
    values,
  });
}
