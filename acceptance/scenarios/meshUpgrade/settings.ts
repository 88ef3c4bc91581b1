import { CONFIGURATION, FIRST, PAIR, SECOND } from './facts';

/** Each cluster is a mesh, helm's image is missing, and nothing is known of istioctl's file. */
export function poorSettings(helm: object, registry: string): object {
  return {
    meshes: [FIRST, SECOND].map(id => ({ id, clusters: [id] })),
    upgrades: { helm: { ...helm, image: `${registry}/istio/helm:gone` } },
  };
}

/** Both clusters are one mesh, and everything is there. */
export const goodSettings: object = {
  meshUpgrade: {
    meshes: [{ id: PAIR, clusters: [FIRST, SECOND] }],
    upgrades: {
      // Jobs run the testbed's own programs; images of other registries count as there.
      helm: { image: 'docker.io/alpine/helm:3.19.0' },
      istioctl: {
        configurations: [
          {
            cluster: SECOND,
            configMap: CONFIGURATION.name,
            key: CONFIGURATION.key,
          },
        ],
      },
    },
  },
};
