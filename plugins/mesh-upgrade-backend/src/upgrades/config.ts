import type { RootConfigService } from '@backstage/backend-plugin-api';
import { z } from 'zod';

const text = z.string().trim().min(1).optional();

const tolerationSchema = z.object({
  key: text,
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.number().int().optional(),
});

const jobs = {
  image: text,
  namespace: text,
  serviceAccount: text,
  nodeSelector: z.record(z.string(), z.string()).optional(),
  tolerations: z.array(tolerationSchema).optional(),
};

const helmSchema = z.object({
  ...jobs,
  chartRepository: text,
  plainHttp: z.boolean().optional(),
});

const configurationSchema = z
  .object({
    cluster: z.string().trim().min(1),
    revision: text,
    configMap: text,
    secret: text,
    key: text,
  })
  .refine(
    ({ configMap, secret }) =>
      (configMap === undefined) !== (secret === undefined),
    {
      message: 'name either a configMap or a secret',
    },
  );

const istioctlSchema = z.object({
  ...jobs,
  configurations: z.array(configurationSchema).optional(),
});

/** Which nodes a Job may run on, in Kubernetes' own terms. */
export interface JobPlacement {
  nodeSelector?: Record<string, string>;
  tolerations?: z.infer<typeof tolerationSchema>[];
}

/** Where Jobs run, and as whom. */
export interface JobSettings {
  namespace: string;
  serviceAccount: string;
  placement: JobPlacement;
}

/** How the Job that runs helm looks. */
export interface HelmSettings extends JobSettings {
  /** Image with the `helm` command; without it Helm installations are not upgraded from here. */
  image?: string;
  /** Where Istio's charts are, e.g. `oci://registry.istio.io/release/charts`. */
  chartRepository: string;
  plainHttp: boolean;
}

/** The file that a control plane was installed with, kept in the namespace of the Jobs. */
export interface IstioctlConfiguration {
  cluster: string;
  /** Of this revision only. Default: `default`. */
  revision: string;
  configMap?: string;
  secret?: string;
  key: string;
}

/** How the Job that runs istioctl looks. */
export interface IstioctlSettings extends JobSettings {
  /** Without a tag: the target version is the tag. */
  image: string;
  configurations: IstioctlConfiguration[];
}

/**
 * Reads `meshUpgrade.upgrades`; everything in it is optional. Never throws: a
 * section that cannot be used is told and counts as absent, so that no Job is
 * made from half of it.
 */
export function readUpgradeSettings(
  config: RootConfigService,
  onProblem: (problem: string) => void,
): { helm: HelmSettings; istioctl: IstioctlSettings } {
  const helm = readSection('helm', helmSchema, config, onProblem);
  const istioctl = readSection('istioctl', istioctlSchema, config, onProblem);
  return {
    helm: {
      image: helm.image,
      chartRepository: (
        helm.chartRepository ?? 'oci://registry.istio.io/release/charts'
      ).replace(/\/+$/, ''),
      plainHttp: helm.plainHttp ?? false,
      namespace: helm.namespace ?? 'mesh-upgrade',
      serviceAccount: helm.serviceAccount ?? 'mesh-upgrade-helm',
      placement: placementOf(helm),
    },
    istioctl: {
      image: istioctl.image ?? 'docker.io/istio/istioctl',
      namespace: istioctl.namespace ?? 'mesh-upgrade',
      serviceAccount: istioctl.serviceAccount ?? 'mesh-upgrade-istioctl',
      placement: placementOf(istioctl),
      configurations: (istioctl.configurations ?? []).map(one => ({
        ...one,
        revision: one.revision ?? 'default',
        key: one.key ?? 'istio.yaml',
      })),
    },
  };
}

function placementOf({
  nodeSelector,
  tolerations,
}: JobPlacement): JobPlacement {
  return { nodeSelector, tolerations };
}

function readSection<TSchema extends z.ZodTypeAny>(
  name: string,
  schema: TSchema,
  config: RootConfigService,
  onProblem: (problem: string) => void,
): z.infer<TSchema> {
  // Read from its root: a parent of a wrong kind makes the reader throw.
  const root: unknown = config.getOptional('meshUpgrade');
  const parsed = z
    .object({
      upgrades: z.object({ [name]: schema.optional() }).optional(),
    })
    .safeParse(root ?? {});
  if (parsed.success) {
    return parsed.data.upgrades?.[name] ?? schema.parse({});
  }
  for (const { path, message } of parsed.error.issues) {
    onProblem(
      `${['meshUpgrade', ...path].join(
        '.',
      )}: ${message}; what was installed with ${name} cannot be upgraded until it is corrected`,
    );
  }
  return schema.parse({});
}
