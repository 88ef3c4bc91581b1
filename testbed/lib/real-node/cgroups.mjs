import { existsSync } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { poll } from '../poll.mjs';

const ROOT = '/sys/fs/cgroup';

/** The mounted hierarchies: one of version 2, or one for each controller. */
async function hierarchies() {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) return [ROOT];
  const entries = await readdir(ROOT, { withFileTypes: true });
  return entries
    .filter(entry => entry.isDirectory())
    .map(({ name }) => join(ROOT, name));
}

/** The cgroup below which the kubelet makes those of its pods; it has to be there before. */
export async function createCgroup(name) {
  for (const hierarchy of await hierarchies())
    await mkdir(join(hierarchy, name), { recursive: true });
}

/** Removes it with all below it, once the last process of it has gone. */
export async function removeCgroup(name) {
  for (const hierarchy of await hierarchies()) {
    const directory = join(hierarchy, name);
    await poll(`no process in ${directory}`, async () => {
      await removeTree(directory);
      return true;
    });
  }
}

async function removeTree(directory) {
  if (!existsSync(directory)) return;
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  await rmdir(directory);
}
