import {
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { X509Certificate } from 'node:crypto';
import { orUndefined } from '../../clusters/notFound';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheck } from '../types';
import { injectionNow } from './injectionNow';
import { proxyContainer } from './proxyContainer';
import { CONFIG_MAPS } from '../resources';
import { restartCheck, type RestartCheckContext } from './restartCheck';
import { trialPod } from './trialPod';

type RootCertificate = KubernetesObject & {
  data?: Record<string, string>;
};

const ROOT_CONFIG_MAP = 'istio-ca-root-cert';
const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The API server calls istiod only when it trusts its certificate by the
 * bundle in the webhook. A trial pod that was injected proves it; when it was
 * not, the bundle is compared with the root of the mesh.
 */
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
      const object = `MutatingWebhookConfiguration ${name}`;
      const expected = 'A webhook that trusts the root of the mesh';
      const { pod } = await trialPod(context);
      if (proxyContainer(pod?.spec)) {
        return [
          passed({
            title: 'The API server trusts the injector',
            object,
            observed: 'It called the injector for the trial pod',
            expected,
          }),
        ];
      }
      const trouble = untrusted(
        injectors.map(({ clientConfig }) => clientConfig.caBundle),
        // istiod writes the same root into every namespace: one stands for all.
        await rootOf(
          context,
          controlPlaneNamespace ?? context.workload.namespace,
        ),
        new Date(),
      );
      return trouble
        ? [
            warning({
              title: 'The API server may refuse the certificate of istiod',
              object,
              observed: trouble,
              expected,
              remedy:
                'If the trial pod failed with a TLS error, restart istiod so that it writes its root into the webhook again, or look at who else manages caBundle.',
            }),
          ]
        : [
            passed({
              title: 'The webhook trusts the root of the mesh',
              object,
              observed: `It holds the root of ConfigMap ${ROOT_CONFIG_MAP}`,
              expected,
            }),
          ];
    },
  });
}

/** Empty where istiod has published none. */
async function rootOf(
  { workload, client, once }: RestartCheckContext,
  namespace: string,
): Promise<string> {
  const root = await once(
    `root certificate ${workload.cluster} ${namespace}`,
    signal =>
      orUndefined(
        client.get<RootCertificate>(
          { ...CONFIG_MAPS, namespace, name: ROOT_CONFIG_MAP },
          { signal },
        ),
      ),
  );
  return root?.data?.['root-cert.pem'] ?? '';
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
