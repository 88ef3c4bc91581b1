import type { RootConfigService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { ClusterEntry } from './ClusterEntry';
import { readKubeconfigClusters } from './kubeconfigClusters';
import { readKubernetesPluginClusters } from './kubernetesPluginClusters';
import { readOwnCluster } from './ownClusters';
import {
  readSuppliedClusters,
  type ClusterSuppliers,
} from './suppliedClusters';

/** The elements of a list, or an entry that says why there are none. */
function readList(
  config: RootConfigService,
  key: string,
): { list: unknown[]; wrong: ClusterEntry[] } {
  const wrong = (misconfiguration: string) => ({
    list: [],
    wrong: [
      {
        name: key,
        title: key,
        mode: 'read' as const,
        origin: key,
        misconfiguration,
        remedy: `Write ${key} as a list, every element beginning with a dash.`,
      },
    ],
  });
  try {
    const value: unknown = config.getOptional(key) ?? [];
    return Array.isArray(value)
      ? { list: value, wrong: [] }
      : wrong(`${key} is not a list.`);
  } catch (error) {
    return wrong(`${key} cannot be read: ${toError(error).message}.`);
  }
}

/**
 * A name stands for one cluster everywhere, so nobody can tell which of two is
 * meant: neither is used.
 */
function withoutDuplicates(entries: ClusterEntry[]): ClusterEntry[] {
  const byName = new Map<string, ClusterEntry[]>();
  for (const entry of entries) {
    byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry]);
  }
  return [...byName.values()].map(same => {
    const [first] = same;
    if (same.length === 1) {
      return first;
    }
    const { name, title, origin } = first;
    const origins = same.map(entry => entry.origin).join(' and ');
    return {
      name,
      title,
      mode: 'read',
      origin,
      misconfiguration: `Several clusters are called '${name}': ${origins}.`,
      remedy: 'Give every cluster a name of its own.',
    };
  });
}

/**
 * Every cluster the configuration names, in its order, then those that modules
 * supply. Never rejects: what cannot be used is an entry that says why and
 * what to do.
 */
export async function readClusters(
  config: RootConfigService,
  suppliers: ClusterSuppliers = new Map(),
): Promise<ClusterEntry[]> {
  const own = readList(config, 'meshUpgrade.clusters');
  const kubeconfigs = readList(config, 'meshUpgrade.kubeconfig');
  const entries = [
    ...own.wrong,
    ...kubeconfigs.wrong,
    ...(await Promise.all(
      own.list.map((raw, i) =>
        readOwnCluster(raw, `meshUpgrade.clusters[${i}]`),
      ),
    )),
    ...(
      await Promise.all(
        kubeconfigs.list.map((raw, i) =>
          readKubeconfigClusters(raw, `meshUpgrade.kubeconfig[${i}]`),
        ),
      )
    ).flat(),
    ...(await readSuppliedClusters(suppliers)),
  ];
  if (entries.length > 0) {
    return withoutDuplicates(entries);
  }
  const { list: locators } = readList(
    config,
    'kubernetes.clusterLocatorMethods',
  );
  return withoutDuplicates(await readKubernetesPluginClusters(locators));
}
