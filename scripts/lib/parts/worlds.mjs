import { findChromium } from '../chromium.mjs';
import { exec } from '../exec.mjs';
import { inLanes } from '../lanes.mjs';
import { root } from '../paths.mjs';
import { withTestbed } from '../testbed.mjs';
import { missingForArgoCd } from '../../../testbed/lib/argocd.mjs';
import {
  obstacle,
  thisMachine,
} from '../../../testbed/lib/real-node/requirements.mjs';
import { countedResult, sum, typescript } from './Part.mjs';

const SCENARIOS = ['walking-skeleton', 'inventory', 'checks'];
/** Needs the registry of the operating system on the lab too, as the testbed does. */
const WITH_REGISTRY = ['versions'];
const ON_LAB = [...SCENARIOS, 'mesh-upgrade', 'waiting-runs'];
const ON_TESTBED = [
  ...SCENARIOS,
  ...WITH_REGISTRY,
  'mesh-upgrade',
  'mesh-upgrade-operators',
  'mesh-return',
];

/** Needs Redis and Git of the operating system. */
const WITH_ARGOCD = ['mesh-upgrade-argocd'];

/** Needs a machine on which containers can run. */
const ON_REAL_NODE = ['mesh-upgrade-real-node'];

/** @type {import('./Part.mjs').Part} */
export const conformance = {
  name: 'conformance',
  async run(context) {
    return sum([
      await conformanceOn('lab', context.env),
      await onTestbed('conformance on the testbed', context, () =>
        withTestbed(context.env, env => conformanceOn('testbed', env)),
      ),
    ]);
  },
};

/** @type {import('./Part.mjs').Part} */
export const acceptance = {
  name: 'acceptance',
  async run(context) {
    // Most of it waits for clusters: two at a time need little more than one.
    const lanes = [
      [
        () => acceptanceOn('lab', context.env, ON_LAB),
        () =>
          onTestbed('acceptance of versions on the lab', context, () =>
            acceptanceOn('lab', context.env, WITH_REGISTRY),
          ),
        () =>
          onArgoCd('acceptance with Argo CD', context, () =>
            acceptanceOn('testbed', context.env, WITH_ARGOCD),
          ),
      ],
      [
        () =>
          onTestbed('acceptance on the testbed', context, () =>
            acceptanceOn('testbed', context.env, ON_TESTBED),
          ),
        () =>
          onRealNode('acceptance on real nodes', context, () =>
            acceptanceOn('testbed', context.env, ON_REAL_NODE),
          ),
      ],
    ];
    return sum(await inLanes(lanes, broken));
  },
};

/** @type {import('./Part.mjs').Part} */
export const e2e = {
  name: 'e2e',
  async run({ env }) {
    if (!findChromium(env)) {
      return nothing(
        'e2e: no Chromium on PATH (apt-get install chromium, or set CHROMIUM)',
      );
    }
    return counted(typescript('e2e/cli.ts'), env);
  },
};

/** @type {import('./Part.mjs').Part} */
export const reliability = {
  name: 'reliability',
  async run({ env }) {
    const result = await exec('node', typescript('reliability/cli.ts'), {
      cwd: root,
      env,
    });
    return { ...countedResult(result), notes: verdicts(result.output) };
  },
};

/** @type {import('./Part.mjs').Part} */
export const testbed = {
  name: 'testbed',
  async run(context) {
    return sum([
      await onTestbed('testbed', context, () =>
        nodeTests('testbed/test/*.test.mjs', context),
      ),
      await onRealNode('real nodes of the testbed', context, () =>
        nodeTests('testbed/test/real-node/*.test.mjs', context),
      ),
    ]);
  },
};

/**
 * All that needs a real control plane.
 *
 * @type {import('./Part.mjs').Part}
 */
export const cluster = {
  name: 'cluster',
  async run(context) {
    return sum([
      await testbed.run(context),
      await onTestbed('conformance on the testbed', context, () =>
        withTestbed(context.env, env => conformanceOn('testbed', env)),
      ),
      await onTestbed('acceptance on the testbed', context, () =>
        acceptanceOn('testbed', context.env, ON_TESTBED),
      ),
      await onArgoCd('acceptance with Argo CD', context, () =>
        acceptanceOn('testbed', context.env, WITH_ARGOCD),
      ),
      await onRealNode('acceptance on real nodes', context, () =>
        acceptanceOn('testbed', context.env, ON_REAL_NODE),
      ),
    ]);
  },
};

function conformanceOn(world, env) {
  return counted(typescript('conformance/cli.ts', '--on', world), env);
}

async function acceptanceOn(world, env, scenarios) {
  const results = [];
  for (const scenario of scenarios) {
    results.push(
      await counted(
        typescript('acceptance/cli.ts', scenario, '--on', world),
        env,
      ),
    );
  }
  return sum(results);
}

async function onTestbed(what, { testbedMissing }, work) {
  const missing = await testbedMissing();
  return missing ? nothing(`${what}: ${missing}`) : work();
}

async function onArgoCd(what, context, work) {
  const missing = await missingForArgoCd();
  return missing
    ? nothing(`${what}: ${missing}`)
    : onTestbed(what, context, work);
}

async function onRealNode(what, context, work) {
  const problem = obstacle(thisMachine());
  return problem
    ? nothing(`${what}: ${problem}`)
    : onTestbed(what, context, work);
}

async function nodeTests(files, { env }) {
  return nodeTestResult(
    await exec('node', ['--test', files], { cwd: root, env }),
  );
}

async function counted(args, env) {
  return countedResult(await exec('node', args, { cwd: root, env }));
}

function broken(error) {
  return { passed: 0, failed: 1, output: error.message };
}

/** What the trials counted, a line each. */
function verdicts(output) {
  return output.split('\n').filter(line => /^(ok|FAILED) /.test(line));
}

function nothing(reason) {
  return { passed: 0, failed: 0, missing: [reason] };
}

/** Of the summary that `node --test` prints, as `# pass 3` or `ℹ pass 3`. */
function nodeTestResult({ code, output }) {
  const count = name =>
    Number(new RegExp(`^\\S+ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failed = count('fail');
  return {
    passed: count('pass'),
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: count('skipped') + count('todo'),
    output,
  };
}
