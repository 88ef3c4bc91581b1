import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { testbedPaths } from './paths.mjs';
import { isSameProcess } from './process-identity.mjs';
import { stopProcesses } from './processes.mjs';
import { releaseRealNode } from './real-node/claim.mjs';
import { readState } from './state.mjs';

/**
 * Ends every process that `up` started and removes its data; the logs of the run stay. Returns how many processes were ended.
 * `records` are those processes, by default the ones written down by `up`.
 */
export async function down(records) {
  const paths = testbedPaths();
  const state = await readState();
  records ??= state?.processes ?? [];
  // The job runners go first, so that no new command starts while the others end.
  const runners = records.filter(({ name }) => name.endsWith('-job-runner'));
  const rest = records.filter(record => !runners.includes(record));
  let ended = 0;
  for (const group of [
    () => runners,
    () => recordedCommands(paths.run),
    () => rest,
  ]) {
    const alive = (await group()).filter(isSameProcess);
    await stopProcesses(alive);
    ended += alive.length;
  }
  for (const realNode of state?.realNodes ?? [])
    await releaseRealNode(realNode);
  await rm(paths.run, { recursive: true, force: true });
  return ended;
}

/** Processes of Jobs that are still at work. */
async function recordedCommands(run) {
  const commands = [];
  for (const cluster of await directoryNames(run)) {
    const jobs = join(run, cluster, 'jobs');
    for (const uid of await directoryNames(jobs)) {
      const files = (await readdir(join(jobs, uid))).filter(name =>
        name.endsWith('.process'),
      );
      for (const file of files)
        commands.push(
          JSON.parse(await readFile(join(jobs, uid, file), 'utf8')),
        );
    }
  }
  return commands;
}

async function directoryNames(directory) {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
