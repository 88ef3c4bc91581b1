import type { Config } from '@backstage/config';
import { isError } from '@backstage/errors';

/** A configured grouping of clusters into a mesh. */
export interface MeshSetting {
  id: string;
  /** Default: the id. */
  name: string;
  clusters: string[];
}

export interface InventorySettings {
  meshes: MeshSetting[];
}

/**
 * Reads `meshUpgrade.meshes`. Never throws: an entry that cannot be used is
 * left out and told.
 */
export function readInventorySettings(
  config: Config,
  onProblem: (problem: string) => void,
): InventorySettings {
  return {
    meshes: entries(config, onProblem).flatMap(entry =>
      readMesh(entry, onProblem),
    ),
  };
}

function entries(
  config: Config,
  onProblem: (problem: string) => void,
): Config[] {
  try {
    return config.getOptionalConfigArray('meshUpgrade.meshes') ?? [];
  } catch (error) {
    onProblem(`meshUpgrade.meshes is ignored: ${messageOf(error)}`);
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
