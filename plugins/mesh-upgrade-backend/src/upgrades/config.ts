import type { RootConfigService } from '@backstage/backend-plugin-api';

/** How the Job that runs helm looks. */
export interface HelmSettings {
  /** Image with the `helm` command; without it Helm installations are not upgraded from here. */
  image?: string;
  /** Where Istio's charts are, e.g. `oci://registry.istio.io/release/charts`. */
  chartRepository: string;
  plainHttp: boolean;
  namespace: string;
  serviceAccount: string;
}

/** Reads `meshUpgrade.upgrades.helm`; everything in it is optional. */
export function readHelmSettings(config: RootConfigService): HelmSettings {
  const helm = config.getOptionalConfig('meshUpgrade.upgrades.helm');
  return {
    image: helm?.getOptionalString('image'),
    chartRepository: (
      helm?.getOptionalString('chartRepository') ??
      'oci://registry.istio.io/release/charts'
    ).replace(/\/+$/, ''),
    plainHttp: helm?.getOptionalBoolean('plainHttp') ?? false,
    namespace: helm?.getOptionalString('namespace') ?? 'mesh-upgrade',
    serviceAccount:
      helm?.getOptionalString('serviceAccount') ?? 'mesh-upgrade-helm',
  };
}
