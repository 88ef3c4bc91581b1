import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exec } from '../exec.mjs';
import { root } from '../paths.mjs';
import { startPostgres } from '../postgres.mjs';

/** Loading a large module alone can take seconds on a busy machine. */
const TEST_TIMEOUT_MS = 30_000;
const WORKSPACES = ['packages', 'plugins'];
const TEST_FILE = /\.test\.tsx?$/;
/** A suite that names this runs on every database there is. */
const DATABASE_SUITE = /\bTestDatabases\b/;

/** @type {import('./Part.mjs').Part} */
export const unit = {
  name: 'unit',
  run({ env }) {
    return runJest(
      testFiles().filter(file => !usesDatabase(file)),
      env,
    );
  },
};

/**
 * On SQLite and on a real PostgreSQL. A database that cannot be reached is left
 * out of such suites without a word, so PostgreSQL itself is asked.
 *
 * @type {import('./Part.mjs').Part}
 */
export const integration = {
  name: 'integration',
  async run({ env }) {
    const files = testFiles().filter(usesDatabase);
    const postgres = await startPostgres();
    try {
      const result = await runJest(files, {
        ...env,
        BACKSTAGE_TEST_DATABASE_POSTGRES17_CONNECTION_STRING: postgres.url,
      });
      const created = postgres.createdDatabases();
      if (created >= files.length) {
        return result;
      }
      return {
        ...result,
        failed: result.failed + 1,
        output: `${result.output}\n${files.length} suites use databases, but only ${created} databases were created on PostgreSQL: not all of them ran there.`,
      };
    } finally {
      await postgres.stop();
    }
  },
};

async function runJest(files, env) {
  // Without paths Jest would run everything it finds.
  if (files.length === 0) {
    return { passed: 0, failed: 1, output: 'There are no test files.' };
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-upgrade-jest-'));
  const report = path.join(folder, 'report.json');
  try {
    const { code, output } = await exec(
      'yarn',
      [
        'backstage-cli',
        'repo',
        'test',
        '--json',
        `--outputFile=${report}`,
        `--testTimeout=${TEST_TIMEOUT_MS}`,
        '--runTestsByPath',
        ...files,
      ],
      {
        cwd: root,
        env: {
          ...env,
          CI: 'true',
          // ES modules such as the Kubernetes client's are imported in tests.
          NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
          // Databases are the ones that run here, never containers.
          BACKSTAGE_TEST_DISABLE_DOCKER: '1',
        },
      },
    );
    return readReport({ report, code, output, files });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function readReport({ report, code, output, files }) {
  if (!fs.existsSync(report)) {
    return { passed: 0, failed: 1, output };
  }
  const result = JSON.parse(fs.readFileSync(report, 'utf8'));
  const notLoaded = result.numRuntimeErrorTestSuites;
  const notRun = files.length - result.numTotalTestSuites;
  const failed = result.numFailedTests + notLoaded + Math.max(notRun, 0);
  return {
    passed: result.numPassedTests,
    // Jest can fail without a failed test, e.g. by a coverage threshold.
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    output:
      notRun > 0 ? `${output}\n${notRun} test files did not run.` : output,
  };
}

function testFiles() {
  return WORKSPACES.flatMap(folder =>
    fs
      .readdirSync(path.join(root, folder))
      .flatMap(name => filesBelow(path.join(root, folder, name, 'src'))),
  )
    .filter(file => TEST_FILE.test(file))
    .sort();
}

function filesBelow(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map(name => path.join(folder, name));
}

function usesDatabase(file) {
  return DATABASE_SUITE.test(fs.readFileSync(file, 'utf8'));
}
