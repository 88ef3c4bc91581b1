// The whole testbed with one cluster: about 40 s once the programs are built (the first build takes about 15 minutes).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KubeApi } from '../lib/kube-api.mjs';
import { poll } from '../lib/poll.mjs';
import { isFree } from '../lib/ports.mjs';
import { isSameProcess, processIdentity } from '../lib/process-identity.mjs';
import {
  assertRunning,
  startProcess,
  stopProcesses,
} from '../lib/processes.mjs';
import { runCommand } from '../lib/run-command.mjs';
import { proxyImage } from '../lib/workloads.mjs';

const CLI = fileURLToPath(new URL('../cli.mjs', import.meta.url));
const RUNNER = fileURLToPath(new URL('../lib/job-runner.mjs', import.meta.url));
const JOBS = '/apis/batch/v1/namespaces/istio-system/jobs';
const MINUTE = 60_000;

describe('the testbed', { timeout: 30 * MINUTE }, () => {
  let stateHome;
  let env;
  let status;
  let api;
  let unfinished;

  const testbed = (...args) =>
    runCommand(process.execPath, [CLI, ...args], { env });
  const statusCode = async () => {
    const child = spawn(process.execPath, [CLI, 'status'], {
      env,
      stdio: 'ignore',
    });
    const [code] = await once(child, 'close');
    return code;
  };

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'testbed-smoke-'));
    env = { ...process.env, XDG_STATE_HOME: directory };
    stateHome = directory;
    await testbed('up', '--clusters', 'smoke');
    status = JSON.parse(await testbed('status', '--json'));
    const config = JSON.parse(await testbed('kubeconfig'));
    api = new KubeApi({
      server: config.clusters[0].cluster.server,
      ca: Buffer.from(
        config.clusters[0].cluster['certificate-authority-data'],
        'base64',
      ).toString(),
      token: config.users[0].user.token,
    });
  });

  after(async () => {
    // Without a state of its own, "down" would end the developer's testbed.
    if (!stateHome) return;
    api?.close();
    await testbed('down');
    await rm(stateHome, { recursive: true });
  });

  async function createJob(
    name,
    {
      account = 'default',
      labels = { 'app.kubernetes.io/managed-by': 'mesh-upgrade' },
      container,
      spec = {},
    },
  ) {
    await api.post(JOBS, {
      metadata: { name, labels },
      spec: {
        backoffLimit: 0,
        ...spec,
        template: {
          spec: {
            serviceAccountName: account,
            restartPolicy: 'Never',
            containers: [{ name: 'main', image: 'tools:1', ...container }],
          },
        },
      },
    });
  }

  const podOf = async job =>
    (
      await api.get(
        `/api/v1/namespaces/istio-system/pods?labelSelector=job-name%3D${job}`,
      )
    ).items[0];
  const logOf = async (job, query = '') =>
    api.text(
      'GET',
      `/api/v1/namespaces/istio-system/pods/${
        (await podOf(job)).metadata.name
      }/log${query}`,
    );
  const finished = job =>
    poll(
      `end of job ${job}`,
      async () => {
        const { status: jobStatus } = await api.get(`${JOBS}/${job}`);
        const condition = jobStatus.conditions?.find(
          ({ type, status: value }) =>
            ['Complete', 'Failed'].includes(type) && value === 'True',
        );
        return (
          condition && { result: condition.type, reason: condition.reason }
        );
      },
      { timeoutMs: 2 * MINUTE },
    );

  /** Creates a Job that sleeps longer than any test, and returns the identity of its command's process. */
  async function startSleepingJob(job, spec) {
    // Kubernetes makes $$ of $$$$, and the shell its process id.
    await createJob(job, {
      container: { command: ['sh', '-c', 'echo pid=$$$$; sleep 300'] },
      spec,
    });
    const log = await poll(
      `log of ${job}`,
      async () => /pid=(\d+)/.exec(await logOf(job)) ?? undefined,
    );
    const command = processIdentity(Number(log[1]));
    assert.ok(command, 'the command runs');
    return command;
  }

  test('says what runs, and starting it again changes nothing', async () => {
    assert.equal(status.up, true);
    assert.equal((await api.get('/version')).gitVersion, 'v1.36.3');
    assert.match(await testbed('up', '--clusters', 'smoke'), /was up already/);
    assert.deepEqual(
      JSON.parse(await testbed('status', '--json')).pids,
      status.pids,
    );
    await assert.rejects(
      testbed('up', '--clusters', 'other'),
      /run "down" first/,
    );
  });

  test('has images and charts in a registry', async () => {
    const tags = await (
      await fetch(`http://${status.registry}/v2/istio/proxyv2/tags/list`)
    ).json();
    assert.ok(
      ['1.29.4', '1.30.3', '1.30.3-mspider', '1.31.0-rc.0', 'latest'].every(
        tag => tags.tags.includes(tag),
      ),
    );
    const charts = await (
      await fetch(`http://${status.registry}/v2/charts/istiod/tags/list`)
    ).json();
    assert.deepEqual(charts.tags.sort(), ['1.29.4', '1.30.3', '1.31.1']);
  });

  test('upgrades Istio by a Job with real Helm, and a restarted workload gets the new proxy from the real injector', async () => {
    await testbed(
      'workloads',
      '--namespace',
      'shop',
      '--count',
      '2',
      '--replicas',
      '2',
    );
    const pods = '/api/v1/namespaces/shop/pods';
    const hub = `${status.registry}/istio/proxyv2`;
    assert.deepEqual(
      (await api.get(pods)).items.map(proxyImage),
      Array(4).fill(`${hub}:1.29.4`),
    );

    await api.post('/api/v1/namespaces/istio-system/serviceaccounts', {
      metadata: { name: 'upgrader' },
    });
    await api.post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'upgrader' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [
        { kind: 'ServiceAccount', name: 'upgrader', namespace: 'istio-system' },
      ],
    });
    const upgrade = [
      'helm',
      'upgrade',
      'istiod',
      `oci://${status.registry}/charts/istiod`,
      '--version',
      '$(VERSION)',
      '--plain-http',
    ];
    await createJob('upgrade', {
      account: 'upgrader',
      container: {
        command: [
          ...upgrade,
          '--namespace',
          'istio-system',
          '--reset-then-reuse-values',
          '--wait',
          '--timeout',
          '2m',
        ],
        env: [{ name: 'VERSION', value: '1.30.3' }],
      },
    });
    assert.deepEqual(await finished('upgrade'), {
      result: 'Complete',
      reason: 'CompletionsReached',
    });
    assert.match(await logOf('upgrade'), /Release "istiod" has been upgraded/);
    assert.match(
      await logOf('upgrade', '?tailLines=1&timestamps=true'),
      /^\d{4}-\d\d-\d\dT\S+Z /,
    );

    const istiod = await api.get(
      '/apis/apps/v1/namespaces/istio-system/deployments/istiod',
    );
    assert.equal(
      istiod.spec.template.spec.containers[0].image,
      `${status.registry}/istio/pilot:1.30.3`,
    );
    assert.equal(
      istiod.spec.replicas,
      2,
      'a value the user had chosen survived',
    );

    const restartedAt = {
      'kubectl.kubernetes.io/restartedAt': new Date().toISOString(),
    };
    await api.mergePatch(
      '/apis/apps/v1/namespaces/shop/deployments/shop-app-1',
      {
        spec: { template: { metadata: { annotations: restartedAt } } },
      },
    );
    const proxies = await poll('restarted pods', async () => {
      const { items } = await api.get(`${pods}?labelSelector=app%3Dshop-app-1`);
      return items.length === 2 &&
        items.every(
          ({ metadata }) =>
            metadata.annotations['kubectl.kubernetes.io/restartedAt'],
        )
        ? items.map(proxyImage)
        : undefined;
    });
    assert.deepEqual(proxies, Array(2).fill(`${hub}:1.30.3`));
  });

  test('runs a Job with the rights of its own service account only', async () => {
    await createJob('powerless', {
      container: { command: ['kubectl', 'get', 'secrets'] },
    });
    assert.equal((await finished('powerless')).result, 'Failed');
    assert.match(
      await logOf('powerless'),
      /User "system:serviceaccount:istio-system:default" cannot list resource "secrets"/,
    );
    const { state } = (await podOf('powerless')).status.containerStatuses[0];
    assert.deepEqual(
      [state.terminated.exitCode, state.terminated.reason],
      [1, 'Error'],
    );
  });

  test('leaves Jobs of others alone and does not run an image that is not there', async () => {
    await createJob('foreign', {
      labels: {},
      container: { command: ['sh', '-c', 'exit 1'] },
    });
    assert.equal((await finished('foreign')).result, 'Complete');
    await createJob('no-image', {
      container: {
        image: `${status.registry}/istio/pilot:9.9.9`,
        command: ['true'],
      },
    });
    const waiting = await poll(
      'image pull error',
      async () =>
        (
          await podOf('no-image')
        )?.status.containerStatuses?.[0].state.waiting,
    );
    assert.equal(waiting.reason, 'ErrImagePull');
    await api.delete(`${JOBS}/no-image?propagationPolicy=Background`);
  });

  test('ends the command when its Job is deleted or has run for too long', async () => {
    for (const job of ['deleted', 'late']) {
      const command = await startSleepingJob(
        job,
        job === 'late' ? { activeDeadlineSeconds: 3 } : {},
      );
      if (job === 'deleted')
        await api.delete(`${JOBS}/deleted?propagationPolicy=Background`);
      else
        assert.deepEqual(await finished('late'), {
          result: 'Failed',
          reason: 'DeadlineExceeded',
        });
      await poll(`end of the command of ${job}`, () =>
        isSameProcess(command) ? undefined : true,
      );
      await poll(`end of the pod of ${job}`, async () =>
        (await podOf(job)) ? undefined : true,
      );
    }
  });

  test('runs a command once, also when the job runner is replaced meanwhile', async () => {
    await createJob('survivor', {
      container: { command: ['sh', '-c', 'echo begin; sleep 4; echo end'] },
    });
    await poll(
      'begin of survivor',
      async () => (await logOf('survivor')).includes('begin') || undefined,
    );
    const killed = { pid: status.jobRunner.smoke };
    Object.assign(killed, processIdentity(killed.pid));
    await stopProcesses([killed]);
    const configuration = join(
      stateHome,
      'mesh-upgrade',
      'testbed',
      'run',
      'smoke',
      'job-runner.json',
    );
    const log = join(stateHome, 'second-runner.log');
    const second = startProcess({
      name: 'second job runner',
      program: process.execPath,
      args: [RUNNER, configuration],
      log,
    });
    try {
      assert.equal((await finished('survivor')).result, 'Complete');
      assert.equal(await logOf('survivor'), 'begin\nend\n');
      unfinished = await startSleepingJob('unfinished');
      assertRunning(second);
    } finally {
      await stopProcesses([second]);
    }
    assert.equal(
      await statusCode(),
      1,
      'a testbed without its job runner is not whole',
    );
  });

  test('goes down without leaving a process, a port or data, and keeps its logs', async () => {
    assert.ok(
      isSameProcess(unfinished),
      'the command of a Job is still at work',
    );
    const state = JSON.parse(
      await readFile(
        join(stateHome, 'mesh-upgrade', 'testbed', 'run', 'state.json'),
        'utf8',
      ),
    );
    const ports = [
      status.registry,
      new URL(state.clusters[0].server).host,
      state.clusters[0].istiod.webhook,
    ].map(text => Number(text.split(':').at(-1)));
    await testbed('down');
    assert.deepEqual(
      [...state.processes, unfinished].filter(isSameProcess),
      [],
    );
    assert.deepEqual(
      await Promise.all(ports.map(port => isFree(port))),
      ports.map(() => true),
    );
    assert.deepEqual(
      await readdir(join(stateHome, 'mesh-upgrade', 'testbed')),
      ['logs'],
    );
    assert.match(await testbed('down'), /Nothing was running/);
    assert.equal(await statusCode(), 1);
  });
});
