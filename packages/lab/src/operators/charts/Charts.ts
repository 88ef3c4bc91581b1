import type {
  IstioValues,
  OwnerReference,
  StringMap,
} from '../../kubernetes/types';

/** A chart as a repository names it, such as `oci://registry/charts/istiod`. */
export interface ChartSource {
  url: string;
  version: string;
}

/** What is to be installed of a chart, and under which marks. */
export interface ChartRelease {
  name: string;
  namespace: string;
  /** `base`, `istiod`, `cni` or `ztunnel`. */
  chart: string;
  version: string;
  /** The user's values. */
  values: IstioValues;
  /** Where the chart is; absent when the operator brings it along. */
  url?: string;
  /** What the operator leaves on every object. */
  labels?: StringMap;
  annotations?: StringMap;
  owner?: OwnerReference;
  /** The Application of Argo CD that renders it; Helm then remembers no release. */
  application?: string;
}

/** Installs charts, each in the way of its surroundings. */
export interface Charts {
  /** The digest of a chart; `undefined` when the repository does not hold it. */
  digest(source: ChartSource): Promise<string | undefined>;
  /** Installs or upgrades, without waiting for pods. @throws Error in helm's own words. */
  upgrade(release: ChartRelease): Promise<void>;
  /** Removes what a release installed; fine when there is none. */
  uninstall(release: { name: string; namespace: string }): Promise<void>;
}
