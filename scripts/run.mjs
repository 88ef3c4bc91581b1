import { spawn } from 'node:child_process';
import { CommandError, main } from './lib/CommandError.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { root } from './lib/paths.mjs';
import { Steps } from './lib/steps.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const TYPESCRIPT = ['--require', '@backstage/cli/config/nodeTransform.cjs'];

/** What `npm run NAME` runs on the project's own Node. */
const COMMANDS = {
  lab: [['node', ...TYPESCRIPT, 'packages/lab/src/main.ts']],
  acceptance: [['node', ...TYPESCRIPT, 'acceptance/cli.ts']],
  conformance: [['node', ...TYPESCRIPT, 'conformance/cli.ts']],
  e2e: [['node', ...TYPESCRIPT, 'e2e/cli.ts']],
  bench: [['node', ...TYPESCRIPT, 'benchmarks/cli.ts']],
  reliability: [['node', ...TYPESCRIPT, 'reliability/cli.ts']],
  fix: [
    ['yarn', 'backstage-cli', 'repo', 'lint', '--fix'],
    ['yarn', 'prettier', '--loglevel', 'warn', '--write', '.'],
  ],
};

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const commands = COMMANDS[name];
  if (!commands) {
    throw new CommandError(
      `'${name ?? ''}' is none of: ${Object.keys(COMMANDS).join(', ')}`,
    );
  }
  // The last thing such a command prints is its result: say little before it.
  const steps = new Steps({ out: process.stderr, quiet: true });
  const env = await steps.run('Node and Yarn', () => ensureToolchain());
  await steps.run('Dependencies', () => ensureDependencies(env));
  for (const [command, ...own] of commands) {
    const code = await runInForeground(command, [...own, ...args], env);
    if (code !== 0) {
      return code;
    }
  }
  return 0;
});

function runInForeground(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; what is sent to us alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}
