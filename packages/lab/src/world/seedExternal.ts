import { ISTIO_NAMESPACE } from '../controlPlane/names';
import { controlPlaneObjects } from '../controlPlane/objects';
import { injectorWebhooks } from '../controlPlane/webhooks';
import { CONFIG_MAPS, MUTATING_WEBHOOKS } from '../kubernetes/resources';
import type { IstioValues } from '../kubernetes/types';
import type { ClusterBlueprint } from './blueprint';
import type { Seeder } from './Seeder';

/** A cluster whose istiod somebody else runs elsewhere: only its webhooks and what it injects are here. */
export function seedExternal(
  seeder: Seeder,
  { name, mesh }: ClusterBlueprint,
  values: IstioValues,
) {
  const release = 'istiod-remote';
  const { injectorConfig } = controlPlaneObjects({
    revision: 'default',
    chartVersion: mesh.version,
    values: {
      ...values,
      global: {
        tag: mesh.version,
        istioNamespace: ISTIO_NAMESPACE,
        ...values.global,
        proxy: { image: 'proxyv2' },
      },
    },
    release,
    replicas: 0,
  });
  seeder.put(CONFIG_MAPS, injectorConfig);
  const configuration = injectorWebhooks('default', {
    labels: {
      'app.kubernetes.io/managed-by': 'Helm',
      'app.kubernetes.io/part-of': 'istio',
      release,
    },
  });
  seeder.put(MUTATING_WEBHOOKS, {
    ...configuration,
    webhooks: configuration.webhooks?.map(webhook => ({
      ...webhook,
      clientConfig: {
        url: `https://istiod.${mesh.id}.example.com:15017/inject/cluster/${name}/net/${name}-network`,
        caBundle: '',
      },
    })),
  });
}
