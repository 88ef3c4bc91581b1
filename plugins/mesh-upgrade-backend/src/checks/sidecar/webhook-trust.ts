import {
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { X509Certificate } from 'node:crypto';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheck } from '../types';
import { injectionNow } from './injectionNow';
import { CONFIG_MAPS } from './resources';
import { restartCheck } from './restartCheck';

export type RootCertificate = KubernetesObject & {
  data?: Record<string, string>;
};

const ROOT_CONFIG_MAP = 'istio-ca-root-cert';
const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The API server calls istiod only when it trusts its certificate by the bundle in the webhook. */
export function webhookTrust(): SidecarCheck {
  return restartCheck({
    id: 'webhook-trust',
    title: 'Trust in the injector',
    worst: 'warning',
    async decide(context): Promise<Finding[]> {
      const { configuration } = await injectionNow(context);
      if (!configuration) {
        return [];
      }
      const { name, injectors, controlPlaneNamespace } = configuration;
      // istiod writes the same root into every namespace: one stands for all.
      const namespace = controlPlaneNamespace ?? context.workload.namespace;
      const root = await context.once(
        `root certificate ${context.workload.cluster} ${namespace}`,
        signal =>
          context.client.get<RootCertificate>(
            { ...CONFIG_MAPS, namespace, name: ROOT_CONFIG_MAP },
            { signal },
          ),
      );
      const trouble = untrusted(
        injectors.map(({ clientConfig }) => clientConfig.caBundle),
        root.data?.['root-cert.pem'] ?? '',
        new Date(),
      );
      const says = {
        object: `MutatingWebhookConfiguration ${name}`,
        observed:
          trouble ??
          `It trusts the root in ConfigMap ${namespace}/${ROOT_CONFIG_MAP}`,
        expected: 'The root certificate of the mesh, not expired',
      };
      return trouble
        ? [
            warning({
              ...says,
              title: 'The API server may refuse the certificate of istiod',
              remedy:
                'If the trial pod failed with a TLS error, restart istiod so that it writes its root into the webhook again, or look at who else manages caBundle.',
            }),
          ]
        : [
            passed({
              ...says,
              title: 'The webhook trusts the root of the mesh',
            }),
          ];
    },
  });
}

/** Why the bundles do not vouch for an istiod with this root; undefined when they do. */
function untrusted(
  bundles: (string | undefined)[],
  root: string,
  now: Date,
): string | undefined {
  const roots = new Set(certificates(root).map(fingerprint));
  for (const bundle of bundles) {
    const trusted = certificates(
      Buffer.from(bundle ?? '', 'base64').toString(),
    );
    if (trusted.length === 0) {
      return 'caBundle of a webhook is empty';
    }
    const expired = trusted.find(({ validTo }) => new Date(validTo) < now);
    if (expired) {
      return `caBundle of a webhook expired on ${expired.validTo}`;
    }
    if (!trusted.some(each => roots.has(fingerprint(each)))) {
      return `caBundle of a webhook does not hold the root in ConfigMap ${ROOT_CONFIG_MAP}`;
    }
  }
  return undefined;
}

function certificates(pem: string): X509Certificate[] {
  return (pem.match(CERTIFICATE) ?? []).map(each => new X509Certificate(each));
}

function fingerprint({ fingerprint256 }: X509Certificate): string {
  return fingerprint256;
}
