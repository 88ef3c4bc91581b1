import type { HelmSettings } from '../config';

/** What the configuration says about every Job that runs helm, as a step keeps it. */
export function jobSettings(settings: HelmSettings & { image: string }) {
  return {
    image: settings.image,
    chartRepository: settings.chartRepository,
    plainHttp: settings.plainHttp,
    jobNamespace: settings.namespace,
    serviceAccount: settings.serviceAccount,
    placement: settings.placement,
  };
}
