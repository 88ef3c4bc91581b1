import type { ClusterMode } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ConnectionSettings } from '../ConnectionSettings';

/** Why a cluster's configuration is unusable and what a person can do about it. */
export interface Misconfigured {
  misconfiguration: string;
  remedy: string;
}

/** One cluster as the configuration tells it. */
export type ClusterEntry = {
  name: string;
  title: string;
  mode: ClusterMode;
  /** Where it is configured, e.g. `meshUpgrade.clusters[0]`. */
  origin: string;
} & ({ settings: ConnectionSettings } | Misconfigured);
