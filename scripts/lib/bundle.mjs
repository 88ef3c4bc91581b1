import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { mustExec } from './exec.mjs';
import { withLock } from './lock.mjs';
import { cachePath, root } from './paths.mjs';

/** Everything the app's bundle is made of. */
const INPUTS = [
  'packages/app',
  'plugins/mesh-upgrade',
  'plugins/mesh-upgrade-common',
  'yarn.lock',
  'app-config.yaml',
];
const OUTPUTS = new Set(['node_modules', 'dist', 'dist-types', 'coverage']);
const KEPT_BUNDLES = 5;

const dist = path.join(root, 'packages/app/dist');
const marker = path.join(dist, '.bundle');

/**
 * Makes `packages/app/dist`, which the backend serves, be the bundle of the
 * present sources: left as it is, copied from the cache, or built.
 */
export async function ensureBundle(environment) {
  const key = hashOf(INPUTS);
  const bundles = cachePath('bundles');
  await withLock(path.join(bundles, 'lock'), async () => {
    if (readMarker() === key) {
      return;
    }
    const cached = path.join(bundles, key);
    if (!fs.existsSync(cached)) {
      await mustExec('yarn', ['workspace', 'app', 'build'], {
        cwd: root,
        env: environment,
      });
      keep(cached);
    }
    fs.rmSync(dist, { recursive: true, force: true });
    fs.cpSync(cached, dist, { recursive: true });
    fs.writeFileSync(marker, key);
    forgetOld(bundles);
  });
}

function keep(cached) {
  const draft = `${cached}.${process.pid}`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.cpSync(dist, draft, { recursive: true });
  fs.renameSync(draft, cached);
}

function forgetOld(bundles) {
  fs.readdirSync(bundles, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => path.join(bundles, entry.name))
    .map(folder => ({ folder, usedAt: fs.statSync(folder).mtimeMs }))
    .sort((a, b) => b.usedAt - a.usedAt)
    .slice(KEPT_BUNDLES)
    .forEach(({ folder }) => fs.rmSync(folder, { recursive: true }));
}

function readMarker() {
  try {
    return fs.readFileSync(marker, 'utf8');
  } catch {
    return undefined;
  }
}

function hashOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesOf)) {
    hash.update(`${file}\0`);
    hash.update(fs.readFileSync(path.join(root, file)));
  }
  return hash.digest('hex').slice(0, 32);
}

function filesOf(input) {
  if (!fs.statSync(path.join(root, input)).isDirectory()) {
    return [input];
  }
  return fs
    .readdirSync(path.join(root, input))
    .filter(name => !OUTPUTS.has(name))
    .sort()
    .flatMap(name => filesOf(path.join(input, name)));
}
