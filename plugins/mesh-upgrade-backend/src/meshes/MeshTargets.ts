import {
  describeMatrix,
  providersOf,
  refuseTarget,
  selectTargets,
  supportOf,
  type SupportView,
  type TargetQuestion,
  type TargetVersions,
  type UpgradeStrategy,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh } from '../inventory/types';
import type { KnownTags, VersionCatalog } from '../versions/types';
import { describeUpgrade, type UpgradeHint } from './describeUpgrade';
import { versionsProblem } from './versionsProblem';

/** How the versions on offer are chosen. */
export interface TargetWishes {
  /** Default: `inPlace`. */
  strategy?: UpgradeStrategy;
  preReleases?: boolean;
}

/** What the list of meshes tells of versions. */
export interface VersionsGlance {
  upgrade?: UpgradeHint;
  versionsProblem?: string;
  support: SupportView;
}

/** Where a mesh stands, whatever the sources tell. */
type Standing = Omit<TargetQuestion, 'tags' | 'sourcesOf' | 'operators'>;

/** Which versions a mesh may be upgraded to, by the rules and what the sources hold. */
export class MeshTargets {
  readonly #versions: VersionCatalog;
  /** The newest version of each mesh; thousands of tags are compared only when something changed. */
  readonly #hints = new Map<string, { key: string; hint?: UpgradeHint }>();

  static create(options: { versions: VersionCatalog }): MeshTargets {
    return new MeshTargets(options.versions);
  }

  private constructor(versions: VersionCatalog) {
    this.#versions = versions;
  }

  /** Waits for sources that were never asked before. */
  async targetsOf(
    mesh: InventoriedMesh,
    wishes: TargetWishes = {},
  ): Promise<TargetVersions> {
    const known = await this.#versions.tagsFor(mesh);
    const question = this.#question(mesh, known, wishes);
    return {
      current: mesh.version,
      family: mesh.family,
      strategy: wishes.strategy ?? 'inPlace',
      ...selectTargets(question),
      sources: known.sources,
      matrix: describeMatrix(this.#versions.matrix, question.now),
    };
  }

  /** Never waits for a source. */
  async glance(mesh: InventoriedMesh): Promise<VersionsGlance> {
    const known = await this.#versions.knownTags(mesh);
    const standing = this.#standing(mesh);
    return {
      upgrade: this.#hint(mesh, known, standing),
      versionsProblem: versionsProblem(known.sources, standing.now),
      support: supportOf(mesh.version, standing.now, standing),
    };
  }

  /** A sentence why a version may not be upgraded to; undefined when it may. A pre-release that is named was asked for. */
  async refuse(
    mesh: InventoriedMesh,
    targetVersion: string,
  ): Promise<string | undefined> {
    const known = await this.#versions.tagsFor(mesh);
    const question = this.#question(mesh, known, { preReleases: true });
    return refuseTarget(targetVersion, question)?.reason;
  }

  #hint(
    mesh: InventoriedMesh,
    known: KnownTags,
    standing: Standing,
  ): UpgradeHint | undefined {
    const { now, matrix: _matrix, ...facts } = standing;
    const key = JSON.stringify([
      facts,
      // Their ages tell whether their tags can be others.
      known.sources,
      // Ends of support change recommendations by the day.
      now.toISOString().slice(0, 10),
    ]);
    const kept = this.#hints.get(mesh.id);
    if (kept?.key === key) {
      return kept.hint;
    }
    const question = this.#question(mesh, known, {});
    const hint = describeUpgrade(selectTargets(question), known.sources);
    this.#hints.set(mesh.id, { key, hint });
    return hint;
  }

  #question(
    mesh: InventoriedMesh,
    known: KnownTags,
    wishes: TargetWishes,
  ): TargetQuestion {
    return {
      ...wishes,
      ...this.#standing(mesh),
      tags: known.tags,
      sourcesOf: known.sourcesOf,
      operators: known.operators,
    };
  }

  #standing(mesh: InventoriedMesh): Standing {
    const installMethod = mesh.install.method;
    return {
      current: mesh.version,
      installed: mesh.versions,
      family: mesh.family,
      matrix: this.#versions.matrix,
      providers: providersOf({ installMethod }),
      clusters: mesh.clusters.map(({ cluster, kubernetesVersion }) => ({
        name: cluster,
        kubernetesVersion,
        providers: providersOf({ installMethod, kubernetesVersion }),
      })),
      now: new Date(),
    };
  }
}
