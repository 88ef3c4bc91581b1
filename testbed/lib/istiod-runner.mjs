// A kubelet and a kube-proxy for istiod: `node istiod-runner.mjs CONFIGURATION` runs an istiod of this machine for every
// istiod Deployment, whoever installs it, and leads the API server from its Service to it. Its istiods end with it.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { allocateIstiodPorts, istiodCommand } from './istiod-process.mjs';
import { portBehind, wantedIstiods } from './istiod-services.mjs';
import { KubeApi } from './kube-api.mjs';
import { createPortAllocator } from './ports.mjs';
import { serveConnections } from './service-proxy.mjs';

const PERIOD_MS = 250;
const ISTIODS = `labelSelector=${encodeURIComponent('app=istiod')}`;

class IstiodRunner {
  #context;
  #api;
  #allocatePort = createPortAllocator();
  /** By the uid of the Deployment. */
  #running = new Map();
  #services = [];

  constructor(context) {
    this.#context = context;
    this.#api = new KubeApi(context.cluster);
  }

  resolve(address) {
    const serving = [...this.#running.values()].filter(
      ({ child }) => !child.killed,
    );
    return portBehind(address, this.#services, serving);
  }

  async follow() {
    for (;;) {
      try {
        await this.#look();
      } catch (error) {
        console.error(error.message);
      }
      await sleep(PERIOD_MS);
    }
  }

  async #look() {
    const [deployments, services] = await Promise.all([
      this.#api.get(`/apis/apps/v1/deployments?${ISTIODS}`),
      this.#api.get(`/api/v1/services?${ISTIODS}`),
    ]);
    this.#services = services.items;
    const wanted = wantedIstiods(deployments.items);
    for (const [uid, { child }] of this.#running)
      if (!child.killed && !wanted.some(one => one.uid === uid))
        child.kill('SIGTERM');
    for (const istiod of wanted)
      if (!this.#running.has(istiod.uid)) await this.#start(istiod);
  }

  async #start({ uid, name, namespace, revision }) {
    const { program, kubeconfig, cluster, directory, logs } = this.#context;
    const ports = await allocateIstiodPorts(this.#allocatePort);
    const { args, env } = istiodCommand({
      kubeconfig,
      ports,
      namespace,
      revision,
    });
    const log = openSync(join(logs, `${cluster.name}-${name}.log`), 'a');
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    console.log(`${namespace}/${name} of revision ${revision} starts`, {
      pid: child.pid,
      ...ports,
    });
    this.#running.set(uid, { namespace, revision, ports, child });
    child.on('error', error => console.error(error.message));
    child.on('close', (code, signal) => {
      console.log(`${namespace}/${name} ended with ${signal ?? code}`);
      this.#running.delete(uid);
    });
  }

  /** istiod keeps nothing that would have to be written down first. */
  killAll() {
    for (const { child } of this.#running.values()) child.kill('SIGKILL');
  }
}

const context = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const runner = new IstiodRunner(context);
process.once('SIGTERM', () => {
  runner.killAll();
  process.exit(0);
});
// One that was killed leaves its socket behind.
rmSync(context.socket, { force: true });
await serveConnections({
  socket: context.socket,
  resolve: address => runner.resolve(address),
});
await runner.follow();
