import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { mergePatch, type Json } from '../../api/patch/mergePatch';
import type { Draft } from '../../kubernetes/types';
import { titleOf, type GitContents } from './GitContents';

/** Folders of manifests on disk, one JSON file each, which several processes may look at. */
export class FolderGit implements GitContents {
  readonly #root: string;

  constructor(root: string) {
    mkdirSync(root, { recursive: true });
    this.#root = root;
  }

  async commit(): Promise<string> {
    const hash = createHash('sha1');
    this.#files().forEach(file => hash.update(readFileSync(file)));
    return hash.digest('hex');
  }

  async manifests(folder: string): Promise<Draft[]> {
    return this.#files(folder).map(read);
  }

  /** Puts a folder in place. */
  seed(folder: string, manifests: Draft[]) {
    mkdirSync(join(this.#root, folder), { recursive: true });
    manifests.forEach((manifest, index) =>
      write(join(this.#root, folder, `${index}.json`), manifest),
    );
  }

  /** Commits a merge patch of one manifest. @throws Error when there is none of that title. */
  change(title: string, patch: Json) {
    const file = this.#files().find(each => titleOf(read(each)) === title);
    if (!file) {
      throw new Error(`${this.#root} has no ${title}`);
    }
    write(
      file,
      mergePatch(read(file) as unknown as Json, patch) as unknown as Draft,
    );
  }

  #files(folder = '.'): string[] {
    return readdirSync(join(this.#root, folder), { recursive: true })
      .map(String)
      .filter(name => name.endsWith('.json'))
      .sort()
      .map(name => join(this.#root, folder, name));
  }
}

function read(file: string): Draft {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Whoever reads meanwhile sees the file as it was or as it is. */
function write(file: string, manifest: Draft) {
  writeFileSync(`${file}.new`, JSON.stringify(manifest));
  renameSync(`${file}.new`, file);
}
