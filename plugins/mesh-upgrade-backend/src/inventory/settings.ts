import type { Config } from '@backstage/config';
import { isError } from '@backstage/errors';
import type { WorkloadKindSpec } from './facts/workloadKinds';
import { readCustomWorkloads } from './readCustomWorkloads';

/** A configured grouping of clusters into a mesh. */
export interface MeshSetting {
  id: string;
  /** Default: the id. */
  name: string;
  clusters: string[];
}

export interface InventorySettings {
  meshes: MeshSetting[];
  /** Kinds that run pods besides the built-in ones; default: none. */
  customWorkloads?: WorkloadKindSpec[];
}

/**
 * Reads `meshUpgrade.meshes` and `meshUpgrade.customWorkloads`. Never throws:
 * an entry that cannot be used is left out and told.
 */
export function readInventorySettings(
  config: Config,
  onProblem: (problem: string) => void,
): InventorySettings {
  return {
    meshes: entries(config, 'meshUpgrade.meshes', onProblem).flatMap(entry =>
      readMesh(entry, onProblem),
    ),
    customWorkloads: readCustomWorkloads(
      entries(config, 'meshUpgrade.customWorkloads', onProblem),
      onProblem,
    ),
  };
}

function entries(
  config: Config,
  key: string,
  onProblem: (problem: string) => void,
): Config[] {
  try {
    return config.getOptionalConfigArray(key) ?? [];
  } catch (error) {
    onProblem(`${key} is ignored: ${messageOf(error)}`);
    return [];
  }
}

function readMesh(
  entry: Config,
  onProblem: (problem: string) => void,
): MeshSetting[] {
  try {
    const id = entry.getString('id');
    return [
      {
        id,
        name: entry.getOptionalString('name') ?? id,
        clusters: entry.getOptionalStringArray('clusters') ?? [],
      },
    ];
  } catch (error) {
    onProblem(`An entry of meshUpgrade.meshes is ignored: ${messageOf(error)}`);
    return [];
  }
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
