import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { mustExec } from './exec.mjs';
import { withLock } from './lock.mjs';
import { cachePath, root } from './paths.mjs';

const marker = path.join(root, 'node_modules', '.mesh-upgrade-lock');

/** Installs what `yarn.lock` says, unless it is what was installed last. */
export async function ensureDependencies(environment) {
  await withLock(lockFile(), async () => {
    const wanted = hashOfLockFile();
    if (installedHash() !== wanted) {
      await mustExec('yarn', ['install', '--immutable'], {
        cwd: root,
        env: environment,
      });
      fs.writeFileSync(marker, wanted);
    }
  });
}

function lockFile() {
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return cachePath('locks', `install-${checkout}`);
}

function hashOfLockFile() {
  return createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'yarn.lock')))
    .digest('hex');
}

function installedHash() {
  try {
    return fs.readFileSync(marker, 'utf8');
  } catch {
    return undefined;
  }
}
