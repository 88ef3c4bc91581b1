import type { RootConfigService } from '@backstage/backend-plugin-api';
import { z } from 'zod';

const text = z.string().trim().min(1).optional();

const helmSchema = z.object({
  image: text,
  chartRepository: text,
  plainHttp: z.boolean().optional(),
  namespace: text,
  serviceAccount: text,
});

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

/**
 * Reads `meshUpgrade.upgrades.helm`; everything in it is optional. Never
 * throws: a section that cannot be used is told and counts as absent, so that
 * no Job is made from half of it.
 */
export function readHelmSettings(
  config: RootConfigService,
  onProblem: (problem: string) => void,
): HelmSettings {
  const helm = readSection(config, onProblem);
  return {
    image: helm.image,
    chartRepository: (
      helm.chartRepository ?? 'oci://registry.istio.io/release/charts'
    ).replace(/\/+$/, ''),
    plainHttp: helm.plainHttp ?? false,
    namespace: helm.namespace ?? 'mesh-upgrade',
    serviceAccount: helm.serviceAccount ?? 'mesh-upgrade-helm',
  };
}

function readSection(
  config: RootConfigService,
  onProblem: (problem: string) => void,
): z.infer<typeof helmSchema> {
  const section: unknown = config.getOptional('meshUpgrade');
  const parsed = z
    .object({ upgrades: z.object({ helm: helmSchema.optional() }).optional() })
    .safeParse(section ?? {});
  if (parsed.success) {
    return parsed.data.upgrades?.helm ?? {};
  }
  for (const { path, message } of parsed.error.issues) {
    onProblem(
      `${['meshUpgrade', ...path].join(
        '.',
      )}: ${message}; Helm installations cannot be upgraded until it is corrected`,
    );
  }
  return {};
}
