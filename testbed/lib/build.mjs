import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { TestbedError, MISSING_PREREQUISITE } from './errors.mjs';
import { withLock } from './lock.mjs';
import { modulesDirectory, testbedPaths } from './paths.mjs';
import { PARTS } from './parts.mjs';
import { runCommand } from './run-command.mjs';
import { step } from './steps.mjs';

/** Names the content of a part: the same key means that a build would give the same programs. */
export function contentKey({ files, part, goVersion }) {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort())
    hash.update(`${name}\0${files[name]}\0`);
  hash.update(JSON.stringify([part.programs, part.linkerFlags, goVersion]));
  return hash.digest('hex').slice(0, 16);
}

async function readModuleFiles(module) {
  const directory = join(modulesDirectory, module);
  const entries = await readdir(directory, {
    recursive: true,
    withFileTypes: true,
  });
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)));
  const texts = await Promise.all(
    names.map(name => readFile(join(directory, name), 'utf8')),
  );
  return Object.fromEntries(names.map((name, index) => [name, texts[index]]));
}

async function goVersion() {
  try {
    return (await runCommand('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH']))
      .trim()
      .replaceAll('\n', ' ');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new TestbedError(
      'the testbed builds its programs with Go 1.26 or newer: "go" is not on the PATH',
      {
        exitCode: MISSING_PREREQUISITE,
      },
    );
  }
}

/** Where the programs of `part` are, whether or not they have been built yet. */
export async function partDirectory(part) {
  const key = contentKey({
    files: await readModuleFiles(part.module),
    part,
    goVersion: await goVersion(),
  });
  return join(testbedPaths().cache, `${part.name}-${key}`);
}

async function buildPart(part) {
  const directory = await partDirectory(part);
  if (existsSync(directory)) return directory;
  const cache = testbedPaths().cache;
  await mkdir(cache, { recursive: true });
  const onWait = holder =>
    process.stderr.write(
      `… another build (pid ${holder?.pid}) is at work on ${part.name}, waiting\n`,
    );
  return withLock(
    `${directory}.lock`,
    async () => {
      if (existsSync(directory)) return directory;
      // Only complete parts get their final name, so that a killed build leaves nothing that looks like one.
      const unfinished = join(cache, `.unfinished-${basename(directory)}`);
      await rm(unfinished, { recursive: true, force: true });
      try {
        await mkdir(unfinished);
        for (const [program, goPackage] of Object.entries(part.programs)) {
          await step(`built ${program} (${part.name})`, () =>
            goBuild(part, goPackage, join(unfinished, program)),
          );
        }
        await rename(unfinished, directory);
      } finally {
        await rm(unfinished, { recursive: true, force: true });
      }
      return directory;
    },
    { onWait },
  );
}

function goBuild(part, goPackage, output) {
  const flags = [
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags',
    ['-s', '-w', ...part.linkerFlags].join(' '),
  ];
  return runCommand(
    'nice',
    ['-n', '15', 'go', 'build', ...flags, '-o', output, goPackage],
    {
      cwd: join(modulesDirectory, part.module),
      env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
    },
  );
}

/** Builds whatever of the parts is not in the cache yet, one after the other, and returns the path of every program by its name. */
export async function buildAll(parts = PARTS) {
  const programs = {};
  for (const part of parts) {
    const directory = await buildPart(part);
    for (const program of Object.keys(part.programs))
      programs[program] = join(directory, program);
  }
  return programs;
}

/** The directory of a Go module's sources, downloaded if needed. */
export async function moduleSource(module, path) {
  const answer = await runCommand('go', ['mod', 'download', '-json', path], {
    cwd: join(modulesDirectory, module),
    env: { ...process.env, GOWORK: 'off' },
  });
  return JSON.parse(answer).Dir;
}
