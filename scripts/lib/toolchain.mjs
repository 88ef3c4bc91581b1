import fs from 'node:fs';
import path from 'node:path';
import { CommandError } from './CommandError.mjs';
import { exec } from './exec.mjs';
import { withLock } from './lock.mjs';
import { cachePath } from './paths.mjs';
import { nodeVersion, yarnVersion } from './versions.mjs';

/**
 * Puts the Node and Yarn of this project into the user's cache, by npm, and
 * returns the environment to run programs with. Nothing is installed globally.
 *
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function ensureToolchain() {
  const home = cachePath(
    'toolchain',
    `node-${nodeVersion}-yarn-${yarnVersion}`,
  );
  if (!fs.existsSync(home)) {
    await withLock(`${home}.lock`, async () => {
      if (!fs.existsSync(home)) {
        await install(home);
      }
    });
  }
  const { PATH, ...environment } = withoutNpm(process.env);
  return { ...environment, PATH: `${path.join(home, 'bin')}:${PATH}` };
}

async function install(home) {
  const draft = `${home}.${process.pid}`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(path.join(draft, 'bin'), { recursive: true });
  try {
    await npmInstall(draft, `@yarnpkg/cli-dist@${yarnVersion}`);
    link(draft, 'yarn', '@yarnpkg/cli-dist/bin/yarn.js');
    await installNode(draft);
    // Only a finished toolchain gets the name that the next start looks for.
    fs.renameSync(draft, home);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * The package `node` fetches its binary in an install script, which newer npm
 * versions do not run; the platform's own package carries the binary itself.
 */
async function installNode(draft) {
  const prefix =
    process.platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin'
      : 'node';
  const ways = [
    [`${prefix}-${process.platform}-${process.arch}`, nodeVersion],
    ['node', nodeVersion],
  ];
  const failures = [];
  for (const [name, version] of ways) {
    try {
      await npmInstall(draft, `${name}@${version}`);
      link(draft, 'node', `${name}/bin/node`);
      await verifyNode(path.join(draft, 'bin', 'node'));
      return;
    } catch (error) {
      failures.push(error.message);
    }
  }
  throw new CommandError(
    `Node ${nodeVersion} could not be installed by npm. Check that npm reaches its registry, then try again.\n${failures.join(
      '\n',
    )}`,
  );
}

async function npmInstall(prefix, spec) {
  const { code, output } = await exec(
    'npm',
    ['install', '--prefix', prefix, '--no-audit', '--no-fund', spec],
    { cwd: prefix, env: withoutNpm(process.env) },
  );
  if (code !== 0) {
    throw new CommandError(`npm could not install ${spec}:\n${output}`);
  }
}

async function verifyNode(binary) {
  const { output } = await exec(binary, ['--version']);
  if (output.trim() !== `v${nodeVersion}`) {
    throw new CommandError(
      `${binary} should be Node ${nodeVersion} but says: ${output.trim()}`,
    );
  }
}

function link(draft, name, target) {
  const file = path.join(draft, 'bin', name);
  fs.rmSync(file, { force: true });
  fs.symlinkSync(path.join('..', 'node_modules', target), file);
}

/** What npm tells its scripts would change what an npm inside them does. */
function withoutNpm(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) =>
        !/^npm_(package|lifecycle|command|node|execpath|config_(local_prefix|global_prefix|prefix|node_gyp|noproxy))/.test(
          name,
        ) && name !== 'INIT_CWD',
    ),
  );
}
