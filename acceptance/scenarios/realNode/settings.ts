import { CONFIGURATION, PAIR, FIRST, SECOND } from '../meshUpgrade/facts';
import { NODE_LABEL } from './facts';

const PLACEMENT = {
  nodeSelector: { [NODE_LABEL]: 'real' },
  tolerations: [{ key: NODE_LABEL, operator: 'Exists' }],
};

/**
 * Everything is there but the image of helm.
 *
 * @param charts - Where pods of the first cluster reach the registry.
 */
export function settingsWithoutImage(registry: string, charts: string): object {
  return {
    meshes: [{ id: PAIR, clusters: [FIRST, SECOND] }],
    upgrades: {
      helm: {
        ...PLACEMENT,
        image: `${registry}/tools/helm:gone`,
        chartRepository: `oci://${charts}/charts`,
        plainHttp: true,
      },
      istioctl: {
        ...PLACEMENT,
        image: `${registry}/tools/istioctl`,
        configurations: [
          {
            cluster: SECOND,
            configMap: CONFIGURATION.name,
            key: CONFIGURATION.key,
          },
        ],
      },
    },
  };
}

export function settingsWithImage(registry: string): object {
  return {
    meshUpgrade: {
      upgrades: { helm: { image: `${registry}/tools/helm:testbed` } },
    },
  };
}
