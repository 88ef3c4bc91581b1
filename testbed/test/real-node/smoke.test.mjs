// Two testbeds with a real node each, at the same time: about a minute once the programs are built. Needs root.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KubeApi } from '../../lib/kube-api.mjs';
import { poll } from '../../lib/poll.mjs';
import { runCommand } from '../../lib/run-command.mjs';

const CLI = fileURLToPath(new URL('../../cli.mjs', import.meta.url));
const MINUTE = 60_000;
const NODE = '/api/v1/nodes/real-node';
const LABEL = 'testbed.mesh-upgrade.io/node';
/** What a kubelet sets for the whole machine when it may. */
const SYSCTLS = [
  'vm/overcommit_memory',
  'kernel/panic',
  'kernel/panic_on_oops',
  'net/ipv4/ip_forward',
];

function sysctls() {
  return SYSCTLS.map(name => readFileSync(`/proc/sys/${name}`, 'utf8'));
}

/** Names of what could stay behind: cables, and cgroups. */
function traces() {
  return [
    ...readdirSync('/sys/class/net'),
    ...readdirSync('/sys/fs/cgroup').flatMap(controller => {
      const directory = join('/sys/fs/cgroup', controller);
      return existsSync(join(directory, 'cgroup.procs'))
        ? readdirSync(directory).map(name => `${controller}/${name}`)
        : [];
    }),
  ].filter(name => name.includes('testbed'));
}

class Testbed {
  async up() {
    this.home = await mkdtemp(join(tmpdir(), 'testbed-real-'));
    const options = ['--clusters', 'real', '--istio', 'none'];
    await this.run('up', ...options, '--real-node', 'real');
    this.status = JSON.parse(await this.run('status', '--json'));
    const { clusters, users } = JSON.parse(await this.run('kubeconfig'));
    this.api = new KubeApi({
      server: clusters[0].cluster.server,
      ca: Buffer.from(
        clusters[0].cluster['certificate-authority-data'],
        'base64',
      ).toString(),
      token: users[0].user.token,
    });
  }

  run(...args) {
    return runCommand(process.execPath, [CLI, ...args], {
      env: { ...process.env, XDG_STATE_HOME: this.home },
    });
  }

  async down() {
    this.api?.close();
    await this.run('down');
    await rm(this.home, { recursive: true, force: true });
  }

  /** Runs helm in a pod to its end; the answer is the pod. */
  async runPod(name, ...args) {
    const path = '/api/v1/namespaces/default/pods';
    await poll('a service account', () =>
      this.api.get('/api/v1/namespaces/default/serviceaccounts/default'),
    );
    await this.api.post(path, {
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        nodeSelector: { [LABEL]: 'real' },
        tolerations: [{ key: LABEL, operator: 'Exists' }],
        containers: [
          {
            name: 'run',
            image: `${this.status.registry}/tools/helm:testbed`,
            args,
          },
        ],
      },
    });
    return poll(`pod ${name} at its end`, async () => {
      const pod = await this.api.get(`${path}/${name}`);
      return /Succeeded|Failed/.test(pod.status.phase) ? pod : undefined;
    });
  }

  logOf({ metadata }) {
    const { namespace, name } = metadata;
    return this.api.text(
      'GET',
      `/api/v1/namespaces/${namespace}/pods/${name}/log`,
    );
  }
}

describe('real nodes', { timeout: 10 * MINUTE }, () => {
  const one = new Testbed();
  const other = new Testbed();
  let machine;

  before(async () => {
    machine = { sysctls: sysctls(), traces: traces() };
    await Promise.all([one.up(), other.up()]);
  });

  after(() => Promise.all([one.down(), other.down()]));

  test('a pod that asks for the node is executed there, and its log is served', async () => {
    const [mine, theirs] = await Promise.all(
      [one, other].map(testbed => testbed.runPod('version', 'version')),
    );
    for (const [testbed, pod] of [
      [one, mine],
      [other, theirs],
    ]) {
      assert.equal(pod.status.phase, 'Succeeded');
      assert.match(pod.status.containerStatuses[0].containerID, /^containerd:/);
      assert.match(await testbed.logOf(pod), /^version.BuildInfo\{/);
    }
    assert.notEqual(mine.status.hostIP, theirs.status.hostIP);
  });

  test('a pod reaches the API server with its own account, as in any cluster', async () => {
    const pod = await one.runPod('list', 'list');
    assert.equal(pod.status.phase, 'Failed');
    assert.match(
      await one.logOf(pod),
      /User "system:serviceaccount:default:default" cannot list resource "secrets"/,
    );
  });

  test('nothing else comes to the node', async () => {
    const { spec } = await one.api.get(NODE);
    assert.deepEqual(
      spec.taints.map(({ key, effect }) => [key, effect]),
      [[LABEL, 'NoSchedule']],
    );
  });

  test('after a power cut it is the same node again', async () => {
    await one.run('kill', 'real-real-node');
    await one.run('revive', 'real-real-node');
    const pod = await one.runPod('again', 'version');
    assert.equal(pod.status.phase, 'Succeeded');
  });

  test('"down" leaves no trace of it and the other node as it was', async () => {
    const before = traces();
    await one.run('down');
    const left = traces();
    assert.ok(left.length < before.length, left.join());
    assert.equal(
      (await other.runPod('still', 'version')).status.phase,
      'Succeeded',
    );
    await other.run('down');
    assert.deepEqual({ sysctls: sysctls(), traces: traces() }, machine);
  });
});
