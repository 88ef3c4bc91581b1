// A cluster whose Istio is left to others: about 40 s once the programs are built.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../lib/build.mjs';
import { KubeApi } from '../lib/kube-api.mjs';
import { poll } from '../lib/poll.mjs';
import { isSameProcess, processIdentity } from '../lib/process-identity.mjs';
import { runCommand } from '../lib/run-command.mjs';
import { proxyImage } from '../lib/workloads.mjs';

const CLI = fileURLToPath(new URL('../cli.mjs', import.meta.url));
const MINUTE = 60_000;

describe(
  'a cluster whose Istio is left to others',
  {
    timeout: 30 * MINUTE,
  },
  () => {
    let stateHome;
    let env;
    let status;
    let api;
    let helm;

    const testbed = (...args) =>
      runCommand(process.execPath, [CLI, ...args], { env });

    before(async () => {
      stateHome = await mkdtemp(join(tmpdir(), 'testbed-others-'));
      env = { ...process.env, XDG_STATE_HOME: stateHome };
      await testbed('up', '--clusters', 'left', '--istio', 'others');
      status = JSON.parse(await testbed('status', '--json'));
      const { clusters, users } = JSON.parse(await testbed('kubeconfig'));
      api = new KubeApi({
        server: clusters[0].cluster.server,
        ca: Buffer.from(
          clusters[0].cluster['certificate-authority-data'],
          'base64',
        ).toString(),
        token: users[0].user.token,
      });
      const programs = await buildAll();
      const { kubeconfig } = status.clusters[0];
      helm = (...args) =>
        runCommand(programs.helm, [...args, '--namespace', 'istio-system'], {
          env: { ...env, HOME: stateHome, KUBECONFIG: kubeconfig },
        });
    });

    after(async () => {
      // Without a state of its own, "down" would end the developer's testbed.
      if (!stateHome) return;
      api?.close();
      await testbed('down');
      await rm(stateHome, { recursive: true });
    });

    async function istiods() {
      const pid = status.pids['left-istiod-runner'];
      const children = await readFile(
        `/proc/${pid}/task/${pid}/children`,
        'utf8',
      );
      return children
        .split(' ')
        .filter(text => text !== '')
        .map(text => processIdentity(Number(text)))
        .filter(identity => identity !== undefined);
    }

    /** The tag of the proxy that a pod of a revision would get. */
    async function injectedBy(revision) {
      const pod = await api.post('/api/v1/namespaces/default/pods?dryRun=All', {
        metadata: {
          name: 'probe',
          labels: {
            'sidecar.istio.io/inject': 'true',
            'istio.io/rev': revision,
          },
        },
        spec: { containers: [{ name: 'app', image: 'app' }] },
      });
      return proxyImage(pod)?.split(':').at(-1);
    }

    const install = (release, chart, version, ...more) =>
      helm(
        ...['install', release, `oci://${status.registry}/charts/${chart}`],
        ...['--version', version, '--plain-http', '--create-namespace'],
        ...more,
      );

    test('gives each revision an istiod of its own, which its webhooks reach by their Service and which ends with it', async () => {
      assert.deepEqual(await istiods(), []);
      await install('base', 'base', '1.29.4', '--set', 'defaultRevision=');
      const versions = { former: '1.29.4', next: '1.30.3' };
      for (const [revision, version] of Object.entries(versions))
        await install(
          revision,
          'istiod',
          version,
          '--set',
          `revision=${revision}`,
        );
      for (const [revision, version] of Object.entries(versions)) {
        const tag = await poll(
          `injection by ${revision}`,
          () => injectedBy(revision),
          { timeoutMs: MINUTE },
        );
        assert.equal(tag, version);
        const { webhooks } = await api.get(
          `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector-${revision}`,
        );
        assert.deepEqual(
          webhooks.map(({ clientConfig }) => clientConfig.service?.name),
          webhooks.map(() => `istiod-${revision}`),
        );
      }
      const both = await istiods();
      assert.equal(both.length, 2);

      await helm('uninstall', 'former');
      await poll('the end of one istiod', () =>
        both.filter(isSameProcess).length === 1 ? true : undefined,
      );
      assert.equal(await injectedBy('former'), undefined);
      assert.equal(await injectedBy('next'), '1.30.3');

      await testbed('down');
      assert.deepEqual(both.filter(isSameProcess), []);
    });
  },
);
