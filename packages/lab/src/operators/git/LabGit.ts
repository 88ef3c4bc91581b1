import { createHash } from 'node:crypto';
import { mergePatch, type Json } from '../../api/patch/mergePatch';
import type { Draft } from '../../kubernetes/types';
import { titleOf, type GitContents } from './GitContents';

/** The Git repository that a cluster of the lab is kept from: manifests by folder, in memory. */
export class LabGit implements GitContents {
  readonly #folders = new Map<string, Draft[]>();
  readonly #listeners = new Set<() => void>();

  /** Puts a folder in place, as the first commit does. */
  seed(folder: string, manifests: Draft[]) {
    this.#folders.set(folder, manifests);
  }

  async commit(): Promise<string> {
    return createHash('sha1')
      .update(JSON.stringify([...this.#folders]))
      .digest('hex');
  }

  async manifests(folder: string): Promise<Draft[]> {
    return this.#folders.get(folder) ?? [];
  }

  /** Every manifest as plans name objects, such as `HelmRelease istio-system/istiod`. */
  get titles(): string[] {
    return [...this.#folders.values()].flat().map(titleOf);
  }

  /** Commits a merge patch of one manifest; answers whether there is one of that title. */
  change(title: string, patch: Json): boolean {
    for (const manifests of this.#folders.values()) {
      const index = manifests.findIndex(each => titleOf(each) === title);
      if (index >= 0) {
        manifests[index] = mergePatch(
          manifests[index] as unknown as Json,
          patch,
        ) as unknown as Draft;
        this.#listeners.forEach(listener => listener());
        return true;
      }
    }
    return false;
  }

  /** Calls back after every commit. */
  subscribe(listener: () => void) {
    this.#listeners.add(listener);
  }
}
