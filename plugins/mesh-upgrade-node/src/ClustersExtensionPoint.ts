import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { ClusterMode } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/**
 * A cluster as `meshUpgrade.clusters` of the configuration would describe it.
 *
 * @public
 */
export interface ClusterDefinition {
  /** Unique over all sources; without a slash. */
  name: string;
  title?: string;
  /** Address of the API server. */
  url: string;
  /** Default: `read`. */
  mode?: ClusterMode;
  token?: string;
  /** Read again when it changes. */
  tokenFile?: string;
  /** Base64 PEM. */
  clientCertificate?: string;
  /** Base64 PEM. */
  clientKey?: string;
  /** Base64 PEM. */
  caData?: string;
  caFile?: string;
  skipTLSVerify?: boolean;
}

/**
 * Adds clusters that the configuration does not name, e.g. those of a cloud
 * account. They join the configured ones; of two with one name neither is used.
 *
 * @public
 */
export interface ClustersExtensionPoint {
  /**
   * @param source - names the supplier in messages; unique
   * @param supply - asked once when the backend starts; a rejection shows as a
   * misconfigured cluster and hides no other
   * @throws ConflictError when a module of that name was already added
   */
  addClusters(source: string, supply: () => Promise<ClusterDefinition[]>): void;
}

/** @public */
export const meshUpgradeClustersExtensionPoint =
  createExtensionPoint<ClustersExtensionPoint>({
    id: 'mesh-upgrade.clusters',
  });
