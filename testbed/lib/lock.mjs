import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, processIdentity } from './process-identity.mjs';

/** Runs `action` while holding `file` as a lock between processes; a lock left by a dead process is taken over. */
export async function withLock(file, action, { onWait } = {}) {
  await mkdir(dirname(file), { recursive: true });
  const me = JSON.stringify(processIdentity(process.pid));
  for (let waited = false; ; ) {
    try {
      await writeFile(file, me, { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = await readFile(file, 'utf8')
      .then(JSON.parse)
      .catch(() => undefined);
    if (holder && !isSameProcess(holder)) {
      await rm(file, { force: true });
      continue;
    }
    if (!waited) onWait?.(holder);
    waited = true;
    await sleep(500);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}
